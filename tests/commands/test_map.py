"""`cdkeys_map`: mapping many products at once."""

from __future__ import annotations

import csv

import pytest

from saleor_cdkeys.models import SupplierMapping
from tests.commands.calling import call
from tests.factories.cdkeys import make_key_product, make_supplier


@pytest.fixture
def file(channel, tmp_path):
    make_key_product(channel=channel, sku="GAME-A")
    make_supplier(name="Keyhouse")
    path = tmp_path / "mappings.csv"
    path.write_text("sku,supplier,supplier_product_id\nGAME-A,Keyhouse,A\n=GAME-Z,Keyhouse,B\n")
    return path


def test_products_are_mapped_and_every_row_is_accounted_for(file, tmp_path):
    report = tmp_path / "report.csv"

    said = call("cdkeys_map", str(file), "--report", str(report))

    assert said.code == 0
    assert SupplierMapping.objects.get().supplier_product_id == "A"
    assert "3 =GAME-Z Keyhouse B No product variant has this SKU" in said.text
    assert "This came to Mapped 1 No product variant has this SKU 1 rows read 2" in said.text
    with report.open(newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["line", "product", "supplier", "supplier_product_id", "outcome", "message"],
            ["2", "GAME-A", "Keyhouse", "A", "created", "Mapped"],
            ["3", "'=GAME-Z", "Keyhouse", "B", "unknown_sku", "No product variant has this SKU"],
        ]


def test_a_preview_writes_nothing(file):
    said = call("cdkeys_map", str(file), "--preview")

    assert said.code == 0
    assert "This would come to Mapped 1" in said.text
    assert "Nothing was written." in said.text
    assert not SupplierMapping.objects.exists()


@pytest.mark.parametrize("name", ["gone.csv", "."])
def test_what_is_no_file(file, name):
    said = call("cdkeys_map", str(file.parent / name))
    assert (said.code, said.err) == (1, f"There is no file {file.parent / name}.")


def test_the_report_does_not_overwrite_the_file(file):
    said = call("cdkeys_map", str(file), "--report", str(file))
    assert said.err == "The report would overwrite the file with the mappings."
    assert "GAME-A" in file.read_text()
    assert not SupplierMapping.objects.exists()
