"""What an order and its cards say."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown, SupplierOrder, TryLater
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import CodeKind, KeyCode
from tests.suppliers.bamboo.account import bought, buy, codes_of, eur, looked_up
from tests.suppliers.bamboo.answers import (
    ACCEPTED,
    ACCOUNTS,
    CODE,
    OTHER,
    REFERENCE,
    TWO,
    card_told,
    history_of,
    history_row,
    order_told,
)


@pytest.mark.parametrize(
    ("cards", "status", "count", "is_final"),
    [
        (TWO, "Succeeded", 2, True),
        (TWO, "SUCCEEDED ", 2, True),
        (TWO[:1], "Succeeded", 1, False),
        ((), "Succeeded", 0, False),
        (TWO, "Created", 2, False),
        (TWO, "Processing", 2, False),
        (TWO[:1], "Pending", 1, False),
        (TWO, "Refunded", 2, False),
        (TWO[:1], "PartialFailed", 1, True),
        ((TWO[0], card_told(2, status="Failed")), "PartialFailed", 1, True),
        ((TWO[0], card_told(2, status="Reserved")), "Succeeded", 1, False),
        ((TWO[0], card_told(2, status=None)), "Succeeded", 1, False),
        ((TWO[0], card_told(2, code=None)), "Succeeded", 1, False),
        ((TWO[0], card_told(2, code=" ", pin="")), "Succeeded", 1, False),
        ((TWO[0], TWO[0]), "Succeeded", 1, False),
        ((), "Failed", 0, True),
        ((card_told(1, status="Failed"),), "Failed", 0, True),
        (TWO[:1], "Failed", 1, True),
    ],
)
def test_what_an_order_and_its_cards_say(cards, status, count, is_final):
    order = looked_up(order_told(*cards, status=status), ACCOUNTS, history_of(history_row()))
    assert len(order.keys) == count
    assert order.is_final is is_final


@pytest.mark.parametrize("history", ["[]", ("503 Service Unavailable", "")])
@pytest.mark.parametrize(
    ("cards", "status", "is_final"),
    [(TWO[:1], "PartialFailed", False), (TWO[:1], "Failed", False), (TWO, "Succeeded", True)],
)
def test_what_was_taken_for_keys_that_never_came_is_known_before_the_end(
    cards, status, is_final, history
):
    order = looked_up(order_told(*cards, status=status), ACCOUNTS, history)
    assert (len(order.keys), order.charged) == (len(cards), None)
    assert order.is_final is is_final


def test_an_order_that_failed_cost_nothing():
    order = looked_up(order_told(status="Failed"), ACCOUNTS)
    assert order == SupplierOrder(str(REFERENCE), (), is_final=True, charged=eur("0"))


def test_an_order_that_failed_is_not_final_until_its_currency_is_known():
    down = ("503 Down", "{}")
    order, _requests = bought(ACCEPTED, order_told(status="Failed"), down)
    assert order == SupplierOrder(str(REFERENCE), (), is_final=False)
    assert type(looked_up(order_told(status="Failed"), down)) is TryLater


@pytest.mark.parametrize(
    ("code", "pin", "expected"),
    [
        (CODE, "1234", KeyCode.of_fields([("code", CODE), ("pin", "1234")])),
        (CODE, None, KeyCode.of_text(CODE)),
        (CODE, "", KeyCode.of_text(CODE)),
        (None, "1234", KeyCode.of_text("1234")),
        (f" {CODE} ", CODE, KeyCode.of_text(CODE)),
    ],
)
def test_a_card_has_a_code_or_a_pin_or_both(code, pin, expected):
    order = looked_up(order_told(card_told(1, code, pin), status="Processing"))
    assert codes_of(order) == [expected]


@pytest.mark.parametrize(
    "told",
    [
        order_told(CODE),
        order_told([CODE]),
        order_told(card_told(1, [CODE])),
        order_told(card_told(1, f"{CODE}\0")),
        order_told(card_told(1, f"{CODE}\ud800")),
        order_told(card_told(1, 4711)),
        order_told(card_told(1, CODE, 1234)),
        order_told(card_told([CODE])),
        order_told(*TWO, items=CODE),
        order_told(*TWO, items=[CODE]),
        order_told(*TWO, status=None),
        order_told(*TWO, requestId=CODE),
        order_told(*TWO, requestId=None),
        order_told(*TWO, requestId=OTHER),
        f'"{CODE}"',
        "[]",
    ],
)
def test_an_order_that_cannot_be_read_is_kept_and_unknown(told, kept):
    assert type(looked_up(told, kept=kept.append)) is OutcomeUnknown
    assert kept == [told.encode()]


def test_a_card_with_a_pin_has_both(server, adapter):
    order = buy(adapter, server, Fault.FIELDS)[1]
    assert [key.code.kind for key in order.keys] == [CodeKind.FIELDS] * 2
