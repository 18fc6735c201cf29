"""XLSX: what the sheet shows is what is imported, and what Excel spoiled is refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from saleor_cdkeys.acquisition.stock_import import Role
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Key, KeyBatch
from tests.stock_import.files import codes_of, keys_of, look_at, outcomes, run_import, workbook

pytestmark = pytest.mark.django_db


def test_rows_and_headings(games):
    file = workbook(
        ["SKU", "Key", "PIN"],
        ["GAME-A", "AAAA-1111", "0042"],
        [],
        ["GAME-B", "BBBB-1111", None],
        ["GAME-A", None, None],
    )

    batch, rows = run_import(file, name="keys.xlsx")

    assert outcomes(rows) == [(2, "imported"), (4, "imported"), (5, "empty_code")]
    assert keys_of(games.a)[0].fields == (("code", "AAAA-1111"), ("pin", "0042"))
    assert codes_of(games.b) == ["BBBB-1111"]
    assert (batch.created_count, batch.rejected_count) == (2, 1)


def test_numbers_are_read_as_they_are_shown(games):
    file = workbook(
        ["code"],
        ["000123"],
        [123],
        [4567],
        [123456789012345],
        [8.0],
        formats={"A4": "0000000", "A5": "0"},
    )

    run_import(file, default_sku="GAME-A")

    assert codes_of(games.a) == ["000123", "123", "0004567", "123456789012345", "8"]


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (1234567890123456, "General"),  # 16 digits: Excel made the last one a zero
        (1.23e15, "General"),
        (1.2345678901234568e17, "0"),
        (12.5, "General"),
        (-5, "General"),
        (1234567, "#,##0"),
        (123456789, "000-000-000"),
        (0.5, "0%"),
        (True, "General"),
        (dt.date(2026, 3, 1), "yyyy-mm-dd"),
    ],
)
def test_cell_that_no_longer_holds_the_exact_code_is_refused(games, value, number_format):
    file = workbook(["code"], [value], ["AAAA-2222"], formats={"A2": number_format})

    _batch, rows = run_import(file, default_sku="GAME-A")

    assert outcomes(rows) == [(2, "inexact_cell"), (3, "imported")]
    assert rows[0].message != rows[0].outcome.label
    assert codes_of(games.a) == ["AAAA-2222"]


def test_error_cells_are_refused(games):
    book = Workbook()
    sheet = book.active
    sheet.append(["code"])
    sheet.append(["#N/A"])
    sheet["A2"].data_type = "e"
    stream = io.BytesIO()
    book.save(stream)

    _batch, rows = run_import(stream.getvalue(), default_sku="GAME-A")

    assert outcomes(rows) == [(2, "inexact_cell")]


def test_odd_cells_in_columns_that_are_not_read_do_no_harm(games):
    file = workbook(["code", "bought"], ["AAAA-1111", dt.date(2026, 3, 1)])

    run_import(file, default_sku="GAME-A")

    assert codes_of(games.a) == ["AAAA-1111"]


def test_numeric_costs(games):
    file = workbook(["code", "cost"], ["AAAA-1111", 12.1], ["AAAA-2222", 3], ["AAAA-3333", "4,5"])

    run_import(file, default_sku="GAME-A", currency="EUR")

    assert list(Key.objects.order_by("id").values_list("cost_amount", flat=True)) == [
        Decimal("12.1000"),
        Decimal("3.0000"),
        Decimal("4.5000"),
    ]


def test_one_column_without_headings(games):
    run_import(workbook(["AAAA-1111"], ["AAAA-2222"]), default_sku="GAME-A")

    assert codes_of(games.a) == ["AAAA-1111", "AAAA-2222"]


def test_columns_without_headings(games):
    rows = [["GAME-A", "AAAA-1111"], ["GAME-B", "BBBB-1111"]]

    run_import(workbook(*rows))
    run_import(workbook(["x", "AAAA-2222", "GAME-A"]), columns={Role.CODE: "2", Role.SKU: "3"})

    assert codes_of(games.a) == ["AAAA-1111", "AAAA-2222"]
    assert codes_of(games.b) == ["BBBB-1111"]


def test_unclear_columns_are_asked_for(games):
    with pytest.raises(InvalidInput) as refusal:
        run_import(workbook(["AAAA-1111", "BBBB-1111"]), default_sku="GAME-A")

    assert refusal.value.field == "columns"
    assert "AAAA" not in str(refusal.value)
    assert not KeyBatch.objects.exists()


def test_sheet_by_name_and_the_others_are_mentioned(games):
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["nothing here"])
    book.create_sheet("Keys").append(["AAAA-1111"])
    stream = io.BytesIO()
    book.save(stream)

    preview = look_at(stream.getvalue(), sheet="Keys", default_sku="GAME-A")
    assert preview.layout.other_sheets == ("Notes",)
    run_import(stream.getvalue(), sheet="Keys", default_sku="GAME-A")
    with pytest.raises(InvalidInput) as refusal:
        run_import(stream.getvalue(), sheet="Nope", default_sku="GAME-A")

    assert codes_of(games.a) == ["AAAA-1111"]
    assert refusal.value.field == "sheet"


def test_wrong_extent_stated_by_the_workbook_hides_no_rows(games):
    packed = io.BytesIO(workbook(["code"], ["AAAA-1111"], ["AAAA-2222"]))
    lying = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(lying, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b'ref="A1:A3"' in data
                data = data.replace(b'ref="A1:A3"', b'ref="A1"')
            new.writestr(name, data)

    run_import(lying.getvalue(), default_sku="GAME-A")

    assert codes_of(games.a) == ["AAAA-1111", "AAAA-2222"]


@pytest.mark.parametrize("inside", [{}, {"mimetype": b"application/vnd.oasis"}])
def test_other_archives_are_refused(games, inside):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
        for name, data in inside.items():
            archive.writestr(name, data)

    with pytest.raises(InvalidInput) as refusal:
        run_import(stream.getvalue(), default_sku="GAME-A")

    assert refusal.value.field == "file"
    assert not KeyBatch.objects.exists()


def test_torn_workbook_is_refused(games):
    with pytest.raises(InvalidInput):
        run_import(workbook(["code"], ["AAAA-1111"])[:-100], default_sku="GAME-A")

    assert not KeyBatch.objects.exists()
