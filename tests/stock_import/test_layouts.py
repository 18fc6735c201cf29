"""Which column is what is found out, or asked; a line is never cut in two on a guess."""

from __future__ import annotations

import pytest

from saleor_cdkeys.acquisition.stock_import import Role
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Key, KeyBatch
from tests.stock_import.files import codes_of, look_at, outcomes, run_import

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_from_the_headings(games, delimiter):
    file = delimiter.join(["sku", "code"]) + "\n" + delimiter.join(["GAME-B", "AA,A;A|1"]) + "\n"
    if delimiter in "AA,A;A|1":
        file = file.replace("AA,A;A|1", '"AA,A;A|1"')

    run_import(file)

    assert codes_of(games.b) == ["AA,A;A|1"]


@pytest.mark.parametrize(
    "headings",
    [
        "sku,code",
        "SKU,Key",
        "Product SKU,CD-Key",
        "Artikelnummer,Schlüssel",
        "Artikel-Nr.,Lizenzschlüssel",
        "symbol,klucz",
        "Numer artykułu,Kod aktywacyjny",
        '"sku","serial number"',
    ],
)
def test_headings_are_understood_in_three_languages(games, headings):
    run_import(f"{headings}\nGAME-A,AAAA-1111\n")

    assert codes_of(games.a) == ["AAAA-1111"]


def test_columns_may_stand_in_any_order_among_others(games):
    file = "bought on;serial;remark;sku\n2026-01-02;AAAA-1111;for xmas;GAME-A\n"

    assert look_at(file).layout.columns.ignored == ("bought on", "remark")
    run_import(file)

    assert codes_of(games.a) == ["AAAA-1111"]


def test_plain_lines_are_codes_and_blank_ones_are_skipped(games):
    _batch, rows = run_import(
        "AAAA-1111\n\n   \nAAAA-2222\n\t\n", name="keys.txt", default_sku="GAME-A"
    )

    assert outcomes(rows) == [(1, "imported"), (4, "imported")]
    assert codes_of(games.a) == ["AAAA-1111", "AAAA-2222"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_inside_codes_does_not_split_plain_lines(games, delimiter):
    lines = [f"AAAA{delimiter}1111", f"AAAA{delimiter}2222"]

    run_import("\n".join(lines), name="keys.txt", default_sku="GAME-A")

    assert codes_of(games.a) == lines


def test_one_heading_means_one_column_whatever_the_codes_hold(games):
    run_import("code\nAA,11\nAA,22;33\n", name="keys.csv", default_sku="GAME-A")

    assert codes_of(games.a) == ["AA,11", "AA,22;33"]


def test_quotes_around_plain_lines_are_not_part_of_the_code(games):
    run_import('"AA,11"\nAA22\n"AA""33"\nA"A44\n', name="keys.txt", default_sku="GAME-A")

    assert codes_of(games.a) == ["AA,11", "AA22", 'AA"33', 'A"A44']


def test_line_breaks_in_quotes_belong_to_the_code(games):
    file = 'sku,code\r\nGAME-A,"-----BEGIN\r\nABC\r\nEND-----"\r\nGAME-A,AAAA-2222\r\n'

    _batch, rows = run_import(file)

    assert outcomes(rows) == [(2, "imported"), (5, "imported")]
    assert codes_of(games.a) == ["-----BEGIN\nABC\nEND-----", "AAAA-2222"]


def test_two_columns_without_headings_are_told_apart_by_known_skus(games):
    run_import("AAAA-1111;GAME-A\nBBBB-1111;GAME-B\n", name="keys.csv")

    assert codes_of(games.a) == ["AAAA-1111"]
    assert codes_of(games.b) == ["BBBB-1111"]


def test_one_unknown_sku_among_known_ones_does_not_hide_the_columns(games):
    _batch, rows = run_import("GAME-A,AAAA-1111\nGAME-X,AAAA-2222\nGAME-B,AAAA-3333\n")

    assert outcomes(rows) == [(1, "imported"), (2, "unknown_sku"), (3, "imported")]


def test_unknown_headings_above_known_skus_are_not_taken_for_a_key(games):
    _batch, rows = run_import("Produkt,Wert\nGAME-A,AAAA-1111\n", default_sku="GAME-B")

    assert outcomes(rows) == [(1, "unknown_sku"), (2, "imported")]


def test_excels_own_first_line_names_the_delimiter(games):
    _batch, rows = run_import("sep=;\nsku;code\nGAME-A;AAAA,1111\n")

    assert outcomes(rows) == [(3, "imported")]
    assert codes_of(games.a) == ["AAAA,1111"]


def test_headings_after_blank_lines(games):
    _batch, rows = run_import("\n\nsku,code\nGAME-A,AAAA-1111\n")

    assert outcomes(rows) == [(4, "imported")]


def test_columns_can_be_named_by_their_headings(games):
    file = "Spiel;Wert;Zusatz\nGAME-A;AAAA-1111;x\n"

    run_import(file, columns={Role.SKU: "spiel", Role.CODE: "Wert"})

    assert codes_of(games.a) == ["AAAA-1111"]


def test_columns_can_be_numbered_where_there_are_no_headings(games):
    file = "x;AAAA-1111;GAME-A\ny;AAAA-2222;GAME-A\n"

    run_import(file, columns={Role.SKU: "3", Role.CODE: "2"})

    assert codes_of(games.a) == ["AAAA-1111", "AAAA-2222"]


def test_unknown_headings_above_numbered_columns_are_skipped_when_told(games):
    file = "foo;bar\nGAME-A;AAAA-1111\n"

    run_import(file, columns={Role.SKU: "1", Role.CODE: "2"}, has_header=True)

    assert codes_of(games.a) == ["AAAA-1111"]


def test_known_headings_above_numbered_columns_are_not_imported(games):
    run_import("code;game\nAAAA-1111;GAME-A\n", columns={Role.SKU: "2", Role.CODE: "1"})

    assert codes_of(games.a) == ["AAAA-1111"]


def test_first_row_is_a_code_when_told_that_there_are_no_headings(games):
    run_import("key\nvalue-123\n", default_sku="GAME-A", has_header=False)

    assert codes_of(games.a) == ["key", "value-123"]


def test_delimiter_none_keeps_lines_of_a_csv_whole(games):
    run_import("AA,11\nAA,22\n", name="keys.csv", default_sku="GAME-A", delimiter="")

    assert codes_of(games.a) == ["AA,11", "AA,22"]


REFUSED = [
    # Which of the two is the code? A wrong guess would be sold.
    ("AAAA-1111,BBBB-1111\nAAAA-2222,BBBB-2222\n", "keys.csv", {}, "columns"),
    ("Produkt,Wert\nGAME-X,AAAA-1111\n", "keys.csv", {}, "columns"),
    ("AAAA-1111;x\nAAAA-2222;y\n", "", {"delimiter": ";"}, "columns"),
    ("code,key\nAAAA-1111,BBBB-1111\n", "", {}, "columns"),
    ("sku,code\nGAME-A,AAAA-1111\n", "", {"columns": {Role.CODE: "serial"}}, "columns"),
    ("GAME-A,AAAA-1111\n", "", {"columns": {Role.CODE: "3"}}, "columns"),
    ("GAME-A,AAAA-1111\n", "", {"columns": {Role.SKU: "1"}}, "columns"),
    ("sku,remark\nGAME-A,AAAA-1111\n", "keys.csv", {"has_header": True}, "columns"),
]


@pytest.mark.parametrize(("file", "name", "options", "field"), REFUSED)
def test_unclear_columns_are_asked_for(games, file, name, options, field):
    with pytest.raises(InvalidInput) as refusal:
        run_import(file, name=name, default_sku="GAME-A", **options)

    assert refusal.value.field == field
    assert "AAAA" not in str(refusal.value)
    assert not KeyBatch.objects.exists()
    assert not Key.objects.exists()


def test_file_without_skus_needs_a_product(games):
    with pytest.raises(InvalidInput) as refusal:
        run_import("AAAA-1111\n")

    assert refusal.value.field == "sku"
    assert not KeyBatch.objects.exists()


@pytest.mark.parametrize("options", [{"default_sku": "NOPE"}, {"key_product_id": 0}])
def test_default_product_must_exist(games, options):
    with pytest.raises(InvalidInput) as refusal:
        run_import("AAAA-1111\n", **options)

    assert refusal.value.field in ("sku", "key_product")
    assert not KeyBatch.objects.exists()


@pytest.mark.parametrize(
    ("options", "field"),
    [({"delimiter": ";;"}, "delimiter"), ({"currency": "euro"}, "currency")],
)
def test_options_are_checked(options, field):
    with pytest.raises(InvalidInput) as refusal:
        look_at("code\n", **options)

    assert refusal.value.field == field
