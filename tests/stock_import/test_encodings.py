"""A file is understood however it was saved, and a code is stored just as it stood there."""

from __future__ import annotations

import io

import pytest

from saleor_cdkeys.acquisition.stock_import import Source
from saleor_cdkeys.acquisition.stock_import.encoding import HEAD_BYTES
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Key, KeyBatch
from tests.stock_import.files import codes_of, look_at, outcomes, run_import

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("cp1250", "cp1250"),
    ],
)
def test_accents_arrive_whatever_the_encoding(games, written, found):
    file = "sku;klucz;pin\nGAME-A;ŻÓŁĆ-2345;ąęśźń\n".encode(written)

    assert look_at(file).layout.encoding == found
    run_import(file)

    assert codes_of(games.a) == ["code: ŻÓŁĆ-2345\npin: ąęśźń"]


@pytest.mark.parametrize(
    ("mark", "codec"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_utf_16_of_either_byte_order(games, mark, codec):
    run_import(mark + "sku,code\r\nGAME-A,AAAA-1111\r\n".encode(codec))

    assert codes_of(games.a) == ["AAAA-1111"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(games, codec):
    run_import("sku,code\nGAME-A,AAAA-1111\n".encode(codec))

    assert codes_of(games.a) == ["AAAA-1111"]


def test_german_file_of_windows(games):
    file = "Artikelnummer;Schlüssel\r\nGAME-A;Größe-1234\r\n".encode("cp1252")

    assert look_at(file).layout.encoding == "cp1252"
    run_import(file)

    assert codes_of(games.a) == ["Größe-1234"]


def test_accents_that_come_late_in_a_long_file_are_found(games):
    plain = "".join(f"GAME-A,AAAA-{n:06d}\n" for n in range(30_000))
    file = ("sku,code\n" + plain + "GAME-A,Größe-1234\n").encode("cp1252")
    assert len(file) > HEAD_BYTES

    batch, _rows = run_import(file)

    assert (batch.created_count, batch.rejected_count) == (30_001, 0)
    assert codes_of(games.a)[-1] == "Größe-1234"


def test_broken_bytes_in_utf_8_cost_their_row_only(games):
    file = "sku,code\nGAME-A,Zażółć-1111\n".encode() + b"GAME-A,A\xffAA-2222\nGAME-A,AAAA-3333\n"

    batch, rows = run_import(file)

    assert outcomes(rows) == [(2, "imported"), (3, "unreadable"), (4, "imported")]
    assert codes_of(games.a) == ["Zażółć-1111", "AAAA-3333"]
    assert batch.rejected_count == 1


def test_encoding_that_cannot_be_seen_in_a_pipe_costs_the_rows_it_garbles(games):
    plain = "".join(f"GAME-A,AAAA-{n:06d}\n" for n in range(20_000))
    file = ("sku,code\n" + plain + "GAME-A,Größe-1234\n").encode("cp1252")

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    batch, rows = run_import(Source.from_stream(Pipe(file)))

    assert (batch.created_count, batch.rejected_count) == (20_000, 1)
    assert rows[-1].outcome == "unreadable"


def test_encoding_as_told_wins(games):
    run_import("code\nAAAA-ñ234\n".encode("cp1252"), default_sku="GAME-A", encoding="latin-1")

    assert codes_of(games.a) == ["AAAA-ñ234"]


@pytest.mark.parametrize(
    ("file", "options", "field"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", {}, "file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {}, "file"),
        (b"", {}, "file"),
        (b" \r\n\n", {}, "file"),
        (b"sku,code\n", {"encoding": "klingon"}, "encoding"),
        (b"sku,code\n", {"encoding": "base64"}, "encoding"),
    ],
)
def test_what_is_no_text_is_refused_and_leaves_nothing(games, file, options, field):
    with pytest.raises(InvalidInput) as refusal:
        run_import(file, **options)

    assert refusal.value.field == field
    assert not KeyBatch.objects.exists()
    assert not Key.objects.exists()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(games, line_end):
    lines = ["sku,code", "GAME-A,AAAA-1111", "", "GAME-A,AAAA-2222", ""]

    _batch, rows = run_import(line_end.join(lines).encode())

    assert outcomes(rows) == [(2, "imported"), (4, "imported")]
    assert codes_of(games.a) == ["AAAA-1111", "AAAA-2222"]
