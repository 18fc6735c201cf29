"""What became of an order: called off, on its way, or final."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.values import Money
from tests.suppliers.kinguin.account import looked_up
from tests.suppliers.kinguin.answers import ANONYMOUS_KEY, CODE, KEY, ORDER, SECOND_KEY, states


@pytest.mark.parametrize("status", ["canceled", "refunded", "Canceled"])
def test_an_order_that_was_called_off_is_final_and_free(status):
    gone = "REFUNDED" if status == "refunded" else "CANCELED"
    order = looked_up({**ORDER, "status": status, "products": states(gone, gone)}, [KEY])
    assert (order.keys, order.is_final, order.charged) == ((), True, Money(Decimal(0), "EUR"))


def test_a_called_off_order_that_left_a_key_is_for_people():
    body = {**ORDER, "status": "refunded", "products": states("DELIVERED", "REFUNDED")}
    order = looked_up(body, [KEY])
    assert (order.keys, order.is_final) == ((), False)
    assert order.charged == Money(Decimal("8.30"), "EUR")


@pytest.mark.parametrize("status", ["processing", "news", "", None])
def test_an_order_in_any_other_state_is_not_final(status):
    order = looked_up({**ORDER, "status": status}, [KEY, SECOND_KEY])
    assert len(order.keys) == 2
    assert not order.is_final


@pytest.mark.parametrize(
    ("products", "keys", "count", "is_final"),
    [
        (states("DELIVERED", "DELIVERED"), [KEY, SECOND_KEY], 2, True),
        (states("DELIVERED", "DELIVERED"), [KEY], 1, False),
        (states("DELIVERED", "REFUNDED"), [KEY], 1, True),
        (states("DELIVERED", "CANCELED"), [KEY], 1, True),
        (states("DELIVERED", "RETURNED"), [KEY, SECOND_KEY], 1, True),
        (states("DELIVERED", "PENDING"), [KEY], 1, False),
        (states("DELIVERED", "news"), [KEY], 1, False),
        (states(), [KEY, SECOND_KEY], 2, True),
        (states(), [KEY], 1, False),
        (None, [KEY], 1, False),
        (states("DELIVERED", "DELIVERED"), [KEY, {**KEY}], 1, False),
        (states("DELIVERED", "DELIVERED"), [ANONYMOUS_KEY, {**SECOND_KEY, "id": None}], 2, True),
        (states("DELIVERED", "DELIVERED"), [KEY, SECOND_KEY, {**KEY, "serial": " "}], 2, False),
        (states("DELIVERED", "DELIVERED"), [KEY, {**SECOND_KEY, "serial": " "}], 1, False),
        (states("DELIVERED", "DELIVERED"), [KEY, {**SECOND_KEY, "type": "text/html"}], 1, False),
        (states("DELIVERED", "DELIVERED"), [KEY, {**SECOND_KEY, "type": "image/png"}], 1, False),
    ],
)
def test_a_completed_order_is_final_with_all_its_keys(products, keys, count, is_final):
    order = looked_up({**ORDER, "status": "completed", "products": products}, keys)
    assert len(order.keys) == count
    assert order.is_final is is_final


def test_lines_for_one_product_count_together():
    line = {**ORDER["products"][0], "qty": 1, "keys": []}
    body = {**ORDER, "status": "completed", "products": [line, line]}
    assert not looked_up(body, [KEY], quantity=1).is_final
    assert looked_up(body, [KEY, SECOND_KEY], quantity=1).is_final


@pytest.mark.parametrize(
    ("told", "charged"),
    [
        ("8.3000000000001", "8.3000000000001"),
        (8, "8"),
        (None, "8.30"),
        (CODE, None),
        ("NaN", None),
        (-1, None),
        (True, None),
    ],
)
def test_what_was_paid_is_a_number_or_its_text(told, charged):
    order = looked_up({**ORDER, "paymentPrice": told}, [KEY])
    assert order.charged == (Money(Decimal(charged), "EUR") if charged else None)
