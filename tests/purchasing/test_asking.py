"""Telling before an order is run whether a supplier will be asked for it."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys.acquisition.acquire import will_ask_suppliers
from saleor_cdkeys.statuses import Source
from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.factories.cdkeys import add_keys, buy, make_key_product, run


@pytest.mark.parametrize(
    ("source", "stock", "quantity", "will_ask"),
    [
        (Source.STOCK, 0, 1, False),
        (Source.MANUAL, 0, 1, False),
        (Source.SUPPLIERS, 0, 1, True),
        (Source.STOCK_THEN_SUPPLIERS, 2, 2, False),
        (Source.STOCK_THEN_SUPPLIERS, 2, 3, True),
    ],
)
def test_it_depends_on_where_keys_come_from_and_what_lies_in_stock(
    channel, source, stock, quantity, will_ask
):
    product = make_key_product(channel=channel, source=source, stock=stock)
    order = buy(channel=channel, lines=[(product, quantity)])

    assert will_ask_suppliers(order_id=order.pk) is will_ask


def test_keys_that_those_before_it_wait_for_are_not_counted(channel):
    product = make_key_product(channel=channel, source="stock_then_suppliers")
    run(buy(channel=channel, lines=[(product, 2)]))
    add_keys(product, count=2)
    later = buy(channel=channel, lines=[(product, 1)])
    assert will_ask_suppliers(order_id=later.pk) is True


def test_a_purchase_under_way_is_looked_up(channel, product, sandbox, settings):
    sandbox.script.queue([Fault.DROP_AFTER])
    order = buy(channel=channel, lines=[(product, 1)])
    (key_order,) = run(order)
    product.source = Source.STOCK
    product.save()

    assert will_ask_suppliers(order_id=order.pk) is False  # it is not due yet
    type(key_order).objects.update(next_run_at=key_order.created_at)
    assert will_ask_suppliers(order_id=order.pk) is True


def test_an_order_that_is_done_or_unknown_asks_nobody(channel, product):
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)

    assert will_ask_suppliers(order_id=order.pk) is False
    assert will_ask_suppliers(order_id=uuid.uuid4()) is False
