"""A preview tells what the import would do, and does nothing."""

from __future__ import annotations

import pytest

from saleor_cdkeys.acquisition.stock_import import importing, previewing
from saleor_cdkeys.acquisition.stock_import.previewing import SAMPLE_PROBLEMS, SAMPLE_ROWS
from saleor_cdkeys.models import Key, KeyBatch
from tests.factories.cdkeys import add_keys
from tests.stock_import.files import look_at, outcomes, run_import, workbook

pytestmark = pytest.mark.django_db

FILE = (
    "sku;code;pin;extra\n"
    "GAME-A;AAAA-1111;;\n"
    "GAME-B;BBBB-1111;1;\n"
    "GAME-A;STOCK-0001;;\n"
    "GAME-A;AAAA-1111;;\n"
    "NOPE;AAAA-2222;;\n"
    "GAME-A;AAAA-3333;;\n"
    "GAME-A;STOCK-0001;;\n"
    "GAME-B;AAAA-3333;;\n"
)


def test_preview_counts_what_the_import_then_does(games):
    add_keys(games.b, "STOCK-0001")

    seen = look_at(FILE)
    batch, rows = run_import(FILE)

    assert seen.counts == {
        "duplicate_in_stock": 2,
        "duplicate_in_file": 2,
        "unknown_sku": 1,
    }
    assert (seen.row_count, seen.new_count) == (8, 3)
    assert [(each.sku, each.new_count) for each in seen.products] == [
        ("GAME-A", 2),
        ("GAME-B", 1),
    ]
    assert outcomes(list(seen.problems)) == [
        (line, outcome) for line, outcome in outcomes(rows) if outcome != "imported"
    ]
    assert (batch.row_count, batch.created_count) == (8, 3)
    assert (batch.duplicate_count, batch.rejected_count) == (4, 1)


def test_duplicates_name_the_line_where_the_code_stood_first(games):
    seen = look_at(FILE)
    _batch, rows = run_import(FILE)

    first_lines = {5: 2, 8: 4, 9: 7}
    assert {row.line: row.first_line for row in seen.problems if row.first_line} == first_lines
    assert {row.line: row.first_line for row in rows if row.first_line} == first_lines


def test_preview_writes_nothing(games):
    look_at(FILE)

    assert not Key.objects.exists()
    assert not KeyBatch.objects.exists()


def test_preview_shows_the_layout_and_the_first_rows_without_their_codes(games):
    seen = look_at(FILE)

    assert seen.layout.delimiter == ";"
    assert seen.layout.columns.headings == ("sku", "code", "pin", "extra")
    assert seen.layout.columns.ignored == ("extra",)
    assert [(row.line, row.sku, row.hint) for row in seen.samples] == [
        (2, "GAME-A", "1111"),
        (3, "GAME-B", "1111"),
        (4, "GAME-A", "0001"),
        (7, "GAME-A", "3333"),
    ]
    for code in ("AAAA-1111", "AAAA-2222", "STOCK-0001"):
        assert code not in repr(seen)


def test_preview_shows_no_more_than_a_page(games):
    good = "".join(f"GAME-A;AAAA-{n:06d}\n" for n in range(50))
    bad = "".join(f"NOPE;BBBB-{n:06d}\n" for n in range(200))

    seen = look_at("sku;code\n" + good + bad)

    assert len(seen.samples) == SAMPLE_ROWS
    assert len(seen.problems) == SAMPLE_PROBLEMS
    assert seen.counts == {"unknown_sku": 200}


def test_preview_of_a_workbook(games):
    seen = look_at(workbook(["sku", "code"], ["GAME-A", "AAAA-1111"], ["GAME-A", 1.5]))

    assert (seen.new_count, seen.counts) == (1, {"inexact_cell": 1})


def test_duplicates_across_chunks_are_found_alike(games, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 3)
    monkeypatch.setattr(previewing, "_CHUNK_ROWS", 3)

    seen = look_at(FILE)
    _batch, rows = run_import(FILE)

    assert {row.line: row.first_line for row in seen.problems if row.first_line} == {
        5: 2,
        8: 4,
        9: 7,
    }
    assert outcomes(list(seen.problems)) == [
        (line, outcome) for line, outcome in outcomes(rows) if outcome != "imported"
    ]
