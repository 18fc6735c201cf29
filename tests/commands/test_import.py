"""`cdkeys_import`: keys from files and pipes."""

from __future__ import annotations

import csv
import io
import sys
import types

import pytest

from saleor_cdkeys.management.commands import cdkeys_import
from saleor_cdkeys.models import Key, KeyBatch
from tests.commands.calling import Said, call
from tests.factories.cdkeys import add_keys, make_key_product
from tests.stock_import.files import codes_of

CODES = ["ALPHA-1111-AAAA", "BRAVO-2222-BBBB", "CHARLIE-3333-CCCC"]


@pytest.fixture
def game(channel):
    return make_key_product(channel=channel, sku="GAME-A")


@pytest.fixture
def keys_csv(tmp_path):
    """Three new keys, one of them twice, and one of a product that does not exist."""
    path = tmp_path / "keys.csv"
    rows = [("GAME-A", code) for code in CODES] + [("GAME-A", CODES[0]), ("GAME-Z", "ZULU-9999")]
    path.write_text("sku,code\n" + "".join(f"{sku},{code}\n" for sku, code in rows))
    return path


def assert_no_code(said: Said) -> None:
    assert not any(code in said.out + said.err for code in [*CODES, "ZULU-9999"])


def test_keys_of_a_file_are_in_stock_and_every_row_is_accounted_for(game, keys_csv):
    said = call("cdkeys_import", str(keys_csv))

    batch = KeyBatch.objects.get()
    assert said.code == 0
    assert codes_of(game) == CODES
    assert f"Import {batch.pk}: keys.csv" in said.text
    assert "Imported 3" in said.text
    assert "The same code stands above in the file 1" in said.text
    assert "No product variant has this SKU 1" in said.text
    assert "rows read 5" in said.text
    assert "5 GAME-A …AAAA The same code stands in line 2" in said.text
    assert f"manage.py cdkeys_import_undo {batch.pk}" in said.text
    assert_no_code(said)


def test_a_preview_says_the_same_and_stores_nothing(game, keys_csv):
    said = call("cdkeys_import", str(keys_csv), "--preview")

    assert said.code == 0
    assert "encoding utf-8 delimiter comma columns sku = sku, code = code" in said.text
    assert "GAME-A Game GAME-A 3" in said.text
    assert "Imported 3" in said.text
    assert said.out.rstrip().endswith("Nothing was stored.")
    assert not Key.objects.exists()
    assert not KeyBatch.objects.exists()
    assert_no_code(said)


def test_importing_a_file_twice_does_no_harm(game, keys_csv):
    call("cdkeys_import", str(keys_csv))

    said = call("cdkeys_import", str(keys_csv))

    assert "The code is known already 3" in said.text
    assert "cdkeys_import_undo" not in said.out
    assert Key.objects.count() == 3


def test_a_pipe_of_plain_codes_for_one_product(game, monkeypatch):
    stdin = types.SimpleNamespace(buffer=io.BytesIO("\n".join(CODES).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)

    said = call("cdkeys_import", "-", "--sku", "GAME-A", "--name", "March delivery")

    assert codes_of(game) == CODES
    assert KeyBatch.objects.get().name == "March delivery"
    assert_no_code(said)


def test_columns_delimiter_and_headings_as_told(game, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("".join(f"x;{code};GAME-A\n" for code in CODES))

    said = call(
        "cdkeys_import",
        str(path),
        *("--column", "code=2", "--column", "sku=3", "--delimiter", "semicolon", "--no-header"),
    )

    assert said.code == 0
    assert codes_of(game) == CODES


def test_the_report_has_a_line_for_each_row_and_no_code(game, keys_csv, tmp_path):
    report = tmp_path / "report.csv"

    call("cdkeys_import", str(keys_csv), "--report", str(report))

    rows = list(csv.DictReader(report.open(encoding="utf-8", newline="")))
    assert [(row["line"], row["sku"], row["code"], row["outcome"]) for row in rows] == [
        ("2", "GAME-A", "…AAAA", "imported"),
        ("3", "GAME-A", "…BBBB", "imported"),
        ("4", "GAME-A", "…CCCC", "imported"),
        ("5", "GAME-A", "…AAAA", "duplicate_in_file"),
        ("6", "GAME-Z", "…9999", "unknown_sku"),
    ]
    assert not any(code in report.read_text() for code in CODES)


def test_the_report_does_not_overwrite_the_keys(game, keys_csv):
    content = keys_csv.read_text()

    said = call("cdkeys_import", str(keys_csv), "--report", str(keys_csv))

    assert (said.code, said.err) == (1, "The report would overwrite the file with the keys.")
    assert keys_csv.read_text() == content
    assert not Key.objects.exists()


def test_a_report_that_cannot_be_written_is_named_before_anything_is_stored(game, keys_csv):
    said = call("cdkeys_import", str(keys_csv), "--report", "/nowhere/report.csv")

    assert (said.code, said.err) == (1, "/nowhere/report.csv: No such file or directory")
    assert not Key.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["/nowhere/keys.csv"], "There is no file /nowhere/keys.csv."),
        (["{file}", "--sku", "GAME-Z"], "GAME-Z: No product variant has this SKU."),
        (["{file}", "--column", "kode=2"], "kode=2 does not say which column is what"),
        (["{file}", "--currency", "euro"], "A currency has three capital letters"),
    ],
)
def test_what_it_refuses_in_one_sentence(game, keys_csv, arguments, complaint):
    said = call("cdkeys_import", *(text.format(file=keys_csv) for text in arguments))

    assert said.code == 1
    assert complaint in said.err
    assert not Key.objects.exists()


def test_an_interrupted_import_says_what_is_in_and_how_to_go_on(game, keys_csv, monkeypatch):
    done = types.SimpleNamespace(batch_id=12, row_count=5, created_count=3, fraction=1.0)

    def interrupted(*, progress, **_options):
        progress(done)
        raise KeyboardInterrupt

    monkeypatch.setattr(cdkeys_import, "import_keys", interrupted)

    said = call("cdkeys_import", str(keys_csv))

    assert said.code == 130
    assert said.err.startswith("Interrupted.\n3 keys are in, of 5 rows.")
    assert said.err.endswith("manage.py cdkeys_import_undo 12")


def test_a_pipe_gets_neither_colours_nor_a_progress_bar(game, keys_csv, capsys):
    said = call("cdkeys_import", str(keys_csv))

    assert "\x1b" not in said.out
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_progress_bar_on_standard_error(game, keys_csv, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")

    said = call("cdkeys_import", str(keys_csv))

    shown = capsys.readouterr().err
    assert "keys.csv" in shown
    assert "100 %" in shown
    assert "keys.csv 100 %" not in said.text
    assert not any(code in shown for code in CODES)


def test_keys_that_are_in_stock_from_elsewhere_are_found(game, keys_csv):
    add_keys(game, CODES[1])

    said = call("cdkeys_import", str(keys_csv))

    assert "3 GAME-A …BBBB The code is known already" in said.text
    assert Key.objects.count() == 3
