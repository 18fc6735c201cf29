"""Each row becomes a key exactly as it stands there, or is refused with a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.acquisition.stock_import.cells import MAX_LENGTH
from saleor_cdkeys.models import Key
from saleor_cdkeys.values import CodeKind
from tests.factories import make_variant
from tests.stock_import.files import codes_of, keys_of, outcomes, run_import

pytestmark = pytest.mark.django_db


def test_several_products_in_one_file_in_the_order_of_the_file(games):
    batch, _rows = run_import(
        "sku,code\nGAME-B,BBBB-1111\nGAME-A,AAAA-2222\nGAME-B,BBBB-0000\nGAME-A,AAAA-1111\n"
    )

    assert codes_of(games.a) == ["AAAA-2222", "AAAA-1111"]
    assert codes_of(games.b) == ["BBBB-1111", "BBBB-0000"]
    assert list(Key.objects.order_by("id").values_list("line", flat=True)) == [2, 3, 4, 5]
    assert (batch.row_count, batch.created_count) == (4, 4)


def test_rows_without_a_sku_go_to_the_default_product(games):
    run_import("sku,code\n,AAAA-1111\nGAME-B,BBBB-1111\n", default_sku="GAME-A")

    assert codes_of(games.a) == ["AAAA-1111"]
    assert codes_of(games.b) == ["BBBB-1111"]


def test_default_product_by_id(games):
    _batch, rows = run_import("AAAA-1111\n", key_product_id=games.b.pk)

    assert codes_of(games.b) == ["AAAA-1111"]
    assert rows[0].sku == "GAME-B"


def test_code_and_pin_make_one_key_with_fields(games):
    run_import("sku,pin,code\nGAME-A,0042,AAAA-1111\nGAME-A,,AAAA-2222\n")

    both, only_code = keys_of(games.a)
    assert both.kind is CodeKind.FIELDS
    assert both.fields == (("code", "AAAA-1111"), ("pin", "0042"))
    assert only_code.kind is CodeKind.TEXT
    assert only_code.text == "AAAA-2222"


def test_user_and_password_make_one_key(games):
    run_import("username,password\nplayer-one,s3cret, \nplayer-two,x\n", default_sku="GAME-A")

    assert [key.fields for key in keys_of(games.a)] == [
        (("user", "player-one"), ("password", "s3cret")),
        (("user", "player-two"), ("password", "x")),
    ]


def test_each_refused_row_says_why_and_the_others_go_in(games, channel):
    make_variant(sku="PLAIN", name="A shirt", channel=channel, price=Decimal(20))
    long = "X" * (MAX_LENGTH + 1)
    file = (
        "sku,code,pin,user,password\n"
        "GAME-A,AAAA-1111,,,\n"
        ",AAAA-2222,,,\n"
        "NOPE,AAAA-3333,,,\n"
        "PLAIN,AAAA-4444,,,\n"
        "GAME-A,,,,\n"
        "GAME-A,,1234,,\n"
        "GAME-A,,,player,\n"
        f"GAME-A,{long},,,\n"
        "GAME-A,AAAA-5555,,,,extra\n"
        "GAME-A,AAAA\x07-6666,,,\n"
        "GAME-A,AAAA\u200b-7777,,,\n"
        "GAME-A,AAAA-1111,,,\n"
        "GAME-A,AAAA-8888,,,\n"
    )

    batch, rows = run_import(file)

    assert outcomes(rows) == [
        (2, "imported"),
        (3, "missing_sku"),
        (4, "unknown_sku"),
        (5, "not_a_key_product"),
        (6, "empty_code"),
        (7, "incomplete"),
        (8, "incomplete"),
        (9, "too_long"),
        (10, "too_many_cells"),
        (11, "unreadable"),
        (12, "unreadable"),
        (13, "duplicate_in_file"),
        (14, "imported"),
    ]
    assert codes_of(games.a) == ["AAAA-1111", "AAAA-8888"]
    assert (batch.row_count, batch.created_count) == (13, 2)
    assert (batch.duplicate_count, batch.rejected_count) == (1, 10)
    assert all(row.message for row in rows)


def test_longest_code_fits(games):
    run_import("sku,code\nGAME-A," + "X" * MAX_LENGTH)

    assert codes_of(games.a) == ["X" * MAX_LENGTH]


def test_what_clings_to_a_copied_code_is_taken_off(games):
    run_import("\u200bAAAA-1111\u00a0\n\ufeff AAAA-2222\u200b\n", default_sku="GAME-A")

    assert codes_of(games.a) == ["AAAA-1111", "AAAA-2222"]


def test_cost_and_currency(games):
    file = (
        "sku;code;cost;currency\n"
        "GAME-A;AAAA-1111;12,50;eur\n"
        "GAME-A;AAAA-2222;0.1234;PLN\n"
        "GAME-A;AAAA-3333;;\n"
        "GAME-A;AAAA-4444;7;\n"
    )

    run_import(file, currency="USD")

    stored = Key.objects.order_by("id").values_list("cost_amount", "cost_currency")
    assert list(stored) == [
        (Decimal("12.5000"), "EUR"),
        (Decimal("0.1234"), "PLN"),
        (None, ""),
        (Decimal("7.0000"), "USD"),
    ]


@pytest.mark.parametrize(
    ("cost", "currency"),
    [
        ("abc", "EUR"),
        ("-1", "EUR"),
        ("1.23456", "EUR"),
        ("1e3", "EUR"),
        ("NaN", "EUR"),
        ("1,234", "EUR"),  # a thousand, or a bit more than one?
        ("1.234,50", "EUR"),
        ("5", ""),
        ("5", "EURO"),
        ("5", "€"),
    ],
)
def test_cost_that_could_be_misread_refuses_the_row(games, cost, currency):
    _batch, rows = run_import(f"sku;code;cost;currency\nGAME-A;AAAA-1111;{cost};{currency}\n")

    assert outcomes(rows) == [(2, "bad_cost")]
    assert not Key.objects.exists()


def test_a_quote_that_never_ends_swallows_no_code_into_another(games):
    file = 'sku,code\nGAME-A,"AAAA-1111\nGAME-A,AAAA-2222\nGAME-A,AAAA-3333\n'

    batch, rows = run_import(file)

    assert outcomes(rows) == [(2, "unreadable")]
    assert "2" in rows[0].message
    assert "4" in rows[0].message
    assert batch.created_count == 0


def test_two_stray_quotes_make_no_code_of_the_lines_between(games):
    file = 'sku,code\nGAME-A,"AAAA-1111\nGAME-A,"AAAA-2222\nGAME-A,AAAA-3333\n'

    _batch, rows = run_import(file)

    assert outcomes(rows) == [(2, "unreadable"), (4, "imported")]
    assert codes_of(games.a) == ["AAAA-3333"]


def test_reading_goes_on_after_a_quote_that_swallowed_a_hundred_thousand_letters(games):
    good = "".join(f"GAME-A,AAAA-{n:06d}\n" for n in range(20_000))

    batch, rows = run_import('sku,code\nGAME-A,"AAAA-BAD\n' + good)

    assert rows[0].outcome == "unreadable"
    assert batch.rejected_count == 1
    assert rows[-1].line == 20_002
    assert rows[-1].outcome == "imported"
    assert batch.created_count > 10_000
