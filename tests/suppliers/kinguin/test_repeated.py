"""Several orders with one reference."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown
from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.suppliers.kinguin.account import buy, find, refusal
from tests.suppliers.kinguin.answers import PRICE


@pytest.mark.parametrize("refuses_repeats", [True, False])
def test_nothing_rests_on_whether_a_repeated_reference_is_refused(server, adapter, refuses_repeats):
    server.books.refuses_repeats = refuses_repeats
    reference = uuid.uuid4()
    first = buy(adapter, reference=reference)
    if refuses_repeats:
        assert type(refusal(buy, adapter, reference=reference)) is OutcomeUnknown
    else:
        buy(adapter, reference=reference)
    assert find(adapter, reference).supplier_order_id == first.supplier_order_id


def test_of_several_orders_with_one_reference_all_that_stand_are_told(server, adapter):
    reference = uuid.uuid4()
    first, second, third = (buy(adapter, reference=reference) for _number in range(3))
    server.books.call_off(server.books.order(first.supplier_order_id), status="canceled")

    found = find(adapter, reference)

    assert found.supplier_order_id == second.supplier_order_id
    assert found.repeated_ids == (second.supplier_order_id, third.supplier_order_id)
    assert found.keys == second.keys + third.keys
    assert found.charged == PRICE.times(2)
    assert found.is_final


def test_of_several_orders_that_were_all_called_off_the_oldest_is_told(server, adapter):
    reference = uuid.uuid4()
    orders = [buy(adapter, reference=reference) for _number in range(2)]
    for order in orders:
        server.books.call_off(server.books.order(order.supplier_order_id), status="refunded")

    found = find(adapter, reference)

    assert found.supplier_order_id == orders[0].supplier_order_id
    assert (found.repeated_ids, found.keys) == ((), ())


def test_of_several_orders_one_whose_keys_cannot_be_read_is_told_all_the_same(server, adapter):
    reference = uuid.uuid4()
    first, second = (buy(adapter, reference=reference) for _number in range(2))
    server.key_script.queue([None, Fault.DOWN_BEFORE])

    found = find(adapter, reference)

    assert (found.supplier_order_id, found.is_final) == ("", False)
    assert found.repeated_ids == (first.supplier_order_id, second.supplier_order_id)
    assert found.keys == first.keys
