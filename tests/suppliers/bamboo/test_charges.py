"""What was charged, by the history of the account."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.suppliers.asking import ignore
from tests.suppliers.bamboo.account import bought, buy, eur, looked_up, make_query
from tests.suppliers.bamboo.answers import (
    ACCEPTED,
    ACCOUNTS,
    CODE,
    OTHER,
    REFERENCE,
    TWO,
    history_of,
    history_row,
    order_told,
)


@pytest.mark.parametrize(
    ("rows", "charged"),
    [
        ([history_row()], "10.2"),
        ([history_row(total=10.20001)], "10.20001"),
        ([history_row(), history_row(OTHER, total=99)], "10.2"),
        ([history_row(str(REFERENCE).upper())], "10.2"),
        # An order of several lines has a row for each.
        ([history_row(), history_row(total=0.01)], "10.21"),
        ([history_row(None, total=99), history_row()], "10.2"),
        ([history_row(OTHER)], None),
        ([], None),
        ([history_row(accountCurrency="USD")], None),
        ([history_row(), history_row(accountCurrency="USD")], None),
        ([history_row(total=-1)], None),
        ([history_row(total=CODE)], None),
        ([history_row(total=None)], None),
        ([CODE], None),
    ],
)
def test_the_charge_is_that_of_the_history_if_it_is_clear(rows, charged):
    order = looked_up(order_told(*TWO), ACCOUNTS, history_of(*rows))
    assert (len(order.keys), order.is_final) == (2, True)
    assert order.charged == (None if charged is None else eur(charged))


@pytest.mark.parametrize(
    "answers",
    [
        [("500 Server Error", "{}")],
        ['{"accounts": []}'],
        [ACCOUNTS, ("500 Server Error", "{}")],
        [ACCOUNTS, ("403 Forbidden", "{}")],
        [ACCOUNTS, ("429 Too Many", "{}")],
        [ACCOUNTS, "<html>"],
        [ACCOUNTS, '{"message": "x"}'],
    ],
)
def test_a_charge_that_cannot_be_read_does_not_hold_keys_back(answers):
    order, _requests = bought(ACCEPTED, order_told(*TWO), *answers)
    assert (len(order.keys), order.is_final, order.charged) == (2, True, None)


def test_an_order_that_is_not_final_is_not_asked_for_its_charge(server, adapter):
    buy(adapter, server, Fault.LATE)
    assert "GET /api/Integration/v1/orders" not in server.requests


@pytest.mark.parametrize(
    ("fault", "charged"), [(Fault.TOO_FEW, "10.20"), (Fault.TOO_FEW_CHARGED, "15.30")]
)
def test_a_partial_order_is_final_with_the_cards_that_were_sold(server, adapter, fault, charged):
    reference, order = buy(adapter, server, fault, quantity=3)
    assert (len(order.keys), order.is_final, order.charged) == (2, True, eur(charged))
    assert adapter.find_order(make_query(reference, quantity=3), keep=ignore) == order
