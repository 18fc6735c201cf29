"""What Saleor's API takes back stops what was not obtained, and leaves alone what was sent."""

from __future__ import annotations

import pytest
from django.core import mail

from saleor_cdkeys.models import Key
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason
from tests.factories.cdkeys import add_keys, key_orders, make_key_product, run
from tests.saleor.api import global_id

pytestmark = pytest.mark.real_saleor


@pytest.fixture
def product(shop):
    return make_key_product(channel=shop.channel, price="20.00")


@pytest.fixture
def waiting(shop, product):
    """A paid order with no key for it, and its transaction's id."""
    order = shop.complete_draft(shop.draft((product, 1)))
    transaction = shop.pay(global_id(order), "20")
    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)
    return order, transaction


def cancel(shop, order, _transaction):
    shop.cancel(order)


def refund(shop, _order, transaction):
    shop.report(transaction, "REFUND_SUCCESS", "20")


def charge_back(shop, _order, transaction):
    shop.report(transaction, "CHARGE_BACK", "20")


def charge_back_some(shop, _order, transaction):
    shop.report(transaction, "CHARGE_BACK", "5")


@pytest.mark.parametrize(
    ("take_back", "status", "reason"),
    [
        (cancel, KeyOrderStatus.CANCELED, Reason.ORDER_CANCELED),
        (refund, KeyOrderStatus.REFUNDED, Reason.ORDER_REFUNDED),
        (charge_back, KeyOrderStatus.REFUNDED, Reason.ORDER_REFUNDED),
        (charge_back_some, KeyOrderStatus.WAITING, Reason.PAYMENT_REVERSED),
    ],
)
def test_what_was_not_obtained_is_stopped(shop, product, waiting, take_back, status, reason):
    order, transaction = waiting

    take_back(shop, order, transaction)

    (row,) = run(order)
    assert (row.status, row.reason) == (status, reason)
    add_keys(product, count=1)
    (row,) = run(order)
    assert (row.status, row.reason) == (status, reason)
    assert Key.objects.get().status == KeyStatus.AVAILABLE
    assert order.lines.get().quantity_fulfilled == 0
    assert [message for message in mail.outbox if "/k/" in message.body] == []


@pytest.mark.parametrize("take_back", [refund, charge_back, charge_back_some])
def test_what_was_sent_stays_sent(shop, product, take_back):
    add_keys(product, count=1)
    order = shop.complete_draft(shop.draft((product, 1)))
    transaction = shop.pay(global_id(order), "20")
    run(order)

    take_back(shop, order, transaction)
    run(order)

    (row,) = key_orders(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert Key.objects.get().status == KeyStatus.ASSIGNED
    assert len([message for message in mail.outbox if "/k/" in message.body]) == 1
