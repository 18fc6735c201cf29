"""Mapping many products at once from a CSV file."""

from __future__ import annotations

import base64

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.freshness import refresh_mappings
from saleor_cdkeys.acquisition.mapping_import import Outcome, Progress, import_mappings, importing
from saleor_cdkeys.acquisition.stock_import import Source
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Alert, KeyOrder, SupplierMapping
from tests.factories import make_variant
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier

HEAD = "sku,supplier,supplier_product_id"


@pytest.fixture
def games(channel, supplier):
    """Three key products with the SKUs g1 to g3, and a supplier named Keyhouse."""
    return [make_key_product(channel=channel, sku=f"g{n}", source="suppliers") for n in (1, 2, 3)]


def _import(text: str | bytes, **options):
    """(line, outcome) of each row, checked against the counts."""
    data = text if isinstance(text, bytes) else text.encode()
    rows = []
    counts = import_mappings(source=Source.from_bytes(data), report=rows.append, **options)
    assert sum(counts.values()) == len(rows)
    return [(row.line, row.outcome.value) for row in rows]


def _mapped():
    rows = SupplierMapping.objects.order_by("key_product_id", "position", "id")
    return list(
        rows.values_list(
            "key_product__sku", "supplier__name", "supplier_product_id", "position", "is_active"
        )
    )


def test_each_row_becomes_a_mapping_after_those_there_are(games, supplier):
    make_mapping(games[0], supplier, "old", position=4)

    told = _import(f"{HEAD}\ng1,Keyhouse,A\ng1,Keyhouse,B\ng2,keyhouse,A\n")

    assert told == [(2, "created"), (3, "created"), (4, "created")]
    assert _mapped() == [
        ("g1", "Keyhouse", "old", 4, True),
        ("g1", "Keyhouse", "A", 5, True),
        ("g1", "Keyhouse", "B", 6, True),
        ("g2", "Keyhouse", "A", 0, True),
    ]


def test_a_second_time_changes_nothing(games):
    text = f"{HEAD}\ng1,Keyhouse,A\ng2,Keyhouse,B\n"
    _import(text)
    before = _mapped()
    assert _import(text) == [(2, "exists"), (3, "exists")]
    assert _mapped() == before


def test_position_and_switch_are_taken_over(games):
    text = "sku;supplier;supplier_product_id;position;active\ng1;Keyhouse;A;{};{}\n"
    assert _import(text.format(7, "no")) == [(2, "created")]
    assert _mapped() == [("g1", "Keyhouse", "A", 7, False)]
    assert _import(text.format("", "")) == [(2, "exists")]
    assert _import(text.format(2, "Ja")) == [(2, "changed")]
    assert _mapped() == [("g1", "Keyhouse", "A", 2, True)]


def test_countries_are_taken_over(games):
    text = "sku;supplier;supplier_product_id;Länder\ng1;Keyhouse;A;{}\n"

    def told(countries: str) -> tuple[str, str]:
        ((_line, outcome),) = _import(text.format(countries))
        return outcome, SupplierMapping.objects.get().countries

    assert told("pl, DE") == ("created", "DE,PL")
    assert told("") == ("exists", "DE,PL")
    assert told("DE PL") == ("exists", "DE,PL")
    assert told("AT|DE/CH") == ("changed", "AT,CH,DE")
    assert told("Germany") == ("bad_value", "AT,CH,DE")
    assert told("alle") == ("changed", "")


def test_of_codes_that_are_no_country_each_is_named(games):
    rows = []
    text = f"{HEAD},countries\ng1,Keyhouse,A,UK DE Germany\n"
    import_mappings(source=Source.from_bytes(text.encode()), report=rows.append)
    assert [row.message for row in rows] == [
        "No country codes of two letters (ISO 3166-1, such as DE or GB): GERMANY, UK."
    ]
    assert not SupplierMapping.objects.exists()


def test_variants_by_saleors_id_or_its_number(games, channel):
    other = make_variant(channel=channel)
    ids = [
        str(games[0].variant_id),
        base64.b64encode(f"ProductVariant:{games[1].variant_id}".encode()).decode(),
        str(other.pk),
        "99999999",
        base64.b64encode(b"Product:1").decode(),
        "nonsense",
    ]
    rows = "".join(f"{each},Keyhouse,A\n" for each in ids)

    told = _import(f"variant,supplier,supplier_product_id\n{rows}")

    assert [outcome for _line, outcome in told] == [
        *["created", "created", "not_a_key_product"],
        *["unknown_variant"] * 3,
    ]


def test_every_row_says_why_it_was_not_mapped(games, channel):
    make_variant(sku="plain", channel=channel)
    rows = [
        ",Keyhouse,A,,",
        "g9,Keyhouse,A,,",
        "plain,Keyhouse,A,,",
        "g1,,A,,",
        "g1,Nobody,A,,",
        "g1,Keyhouse,,,",
        "g1,Keyhouse,A,-1,",
        "g1,Keyhouse,A,,perhaps",
        f"g1,Keyhouse,{'A' * 256},,",
        "g1,Keyhouse,A\x07,,",
        "g1,Keyhouse,A,,",
        "g1,KEYHOUSE,A,3,",
        'g1,"Keyhouse,A',
    ]
    told = _import(f"{HEAD},position,active\n" + "\n".join(rows))

    assert [outcome for _line, outcome in told] == [
        *["missing_sku", "unknown_sku", "not_a_key_product", "missing_supplier"],
        *["unknown_supplier", "missing_product", "bad_value", "bad_value"],
        *["unreadable", "unreadable", "created", "duplicate_in_file", "unreadable"],
    ]
    assert _mapped() == [("g1", "Keyhouse", "A", 0, True)]


def test_a_preview_tells_the_same_and_writes_nothing(games, supplier):
    make_mapping(games[0], supplier, "A")
    rows = "g1,Keyhouse,A,5\ng1,Keyhouse,B,\ng2,Keyhouse,A,\ng2,Keyhouse,A,\ng9,Keyhouse,A,\n"
    text = f"{HEAD},position\n{rows}"
    before = _mapped()

    previewed = _import(text, is_preview=True)

    assert _mapped() == before
    assert previewed == _import(text)
    assert [outcome for _line, outcome in previewed] == [
        "changed",
        "created",
        "created",
        "duplicate_in_file",
        "unknown_sku",
    ]


def test_it_is_done_a_chunk_at_a_time(games, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    text = f"{HEAD}\n" + "".join(f"g1,Keyhouse,A{n}\n" for n in range(5)) + "g1,Keyhouse,A0\n"
    progress: list[Progress] = []

    told = _import(text, progress=progress.append)

    assert [outcome for _line, outcome in told] == ["created"] * 5 + ["duplicate_in_file"]
    assert [(step.row_count, step.fraction) for step in progress][-1] == (6, 1.0)
    assert len(progress) == 3
    assert [position for *_rest, position, _active in _mapped()] == [0, 1, 2, 3, 4]


def test_a_chunk_costs_few_queries(games, django_assert_max_num_queries):
    text = f"{HEAD}\n" + "".join(f"g{n % 3 + 1},Keyhouse,A{n}\n" for n in range(900))
    with django_assert_max_num_queries(15):
        _import(text)
    assert SupplierMapping.objects.count() == 900


def test_orders_that_waited_for_a_mapping_are_looked_at(product, supplier, waiting):
    key_order = waiting("no_mapping")
    text = f"{HEAD}\n{product.sku},Keyhouse,A\n"
    _import(text, is_preview=True)
    key_order.refresh_from_db()
    assert key_order.next_run_at > timezone.now()

    _import(text)
    assert KeyOrder.objects.get().next_run_at <= timezone.now()


def test_switching_a_flagged_one_off_cures_the_alert(mapping, product, shelf):
    shelf.products.clear()
    refresh_mappings()
    assert Alert.objects.filter(resolved_at=None).count() == 1

    _import(f"{HEAD},active\n{product.sku},Keyhouse,P1,0\n")

    assert Alert.objects.filter(resolved_at=None).count() == 0


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\ng1,Keyhouse,Ä\n".encode("utf-16"),
        f"sep=;\n{HEAD.replace(',', ';')}\ng1;Keyhouse;Ä\n".encode("cp1252"),
        "Artikelnummer\tLieferant\tProdukt-ID\ng1\tKeyhouse\tÄ\n".encode(),
        f"\ufeff{HEAD}\r\n\r\ng1,Keyhouse,Ä\r\n".encode(),
    ],
)
def test_files_as_spreadsheets_write_them(games, text):
    assert [outcome for _line, outcome in _import(text)] == ["created"]
    assert _mapped() == [("g1", "Keyhouse", "Ä", 0, True)]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is a workbook. Save its sheet as CSV, and give that."),
        (
            b"g1,Keyhouse,A\n",
            "The first row must say what the columns hold. It lacks: sku / variant, supplier, "
            "supplier_product_id.",
        ),
        (
            b"sku,supplier\n",
            "The first row must say what the columns hold. It lacks: supplier_product_id.",
        ),
        (
            b"sku,supplier,vendor,product id\n",
            "Two columns look like supplier: supplier and vendor.",
        ),
    ],
)
def test_files_that_cannot_be_understood(db, data, complaint):
    with pytest.raises(InvalidInput) as refused:
        _import(data)
    assert str(refused.value) == complaint


def test_of_two_accounts_that_differ_in_case_each_is_meant_as_written(games, supplier):
    other = make_supplier(name="KEYHOUSE")
    _import(f"{HEAD}\ng1,KEYHOUSE,A\ng2,Keyhouse,A\n")
    assert [mapping.supplier_id for mapping in SupplierMapping.objects.order_by("id")] == [
        other.pk,
        supplier.pk,
    ]


def test_every_outcome_can_be_shown():
    assert {outcome.label for outcome in Outcome if not outcome.label} == set()
