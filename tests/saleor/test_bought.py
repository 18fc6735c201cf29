"""Orders made and paid through Saleor's own GraphQL: recorded, filled, delivered, fulfilled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail

from saleor_cdkeys.models import Key, KeyOrder, KeyProduct
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus
from tests.factories import make_variant
from tests.factories.cdkeys import add_keys, key_orders, make_key_product, run
from tests.saleor.api import global_id
from tests.saleor.shop import CUSTOMER

pytestmark = pytest.mark.real_saleor


def assert_delivered(order, *, quantity):
    """The order's only key order went the whole way, and Saleor knows."""
    (row,) = key_orders(order)
    assert (row.quantity, row.status, row.reason) == (quantity, KeyOrderStatus.DELIVERED, "")
    assert Key.objects.filter(status=KeyStatus.ASSIGNED).count() == quantity
    (line,) = order.lines.filter(variant_id=row.variant_id)
    assert line.quantity_fulfilled == quantity
    assert [message.to for message in mail.outbox if "/k/" in message.body] == [[CUSTOMER]]


def test_a_checkout_paid_by_a_payment_app(shop):
    product = make_key_product(channel=shop.channel, price="19.99", stock=3)
    checkout = shop.checkout((product, 2))
    shop.pay(checkout, "39.98")

    order = shop.complete(checkout)

    (row,) = key_orders(order)
    assert (row.status, row.quantity, row.email) == (KeyOrderStatus.PENDING, 2, CUSTOMER)
    assert (row.unit_price_amount, row.currency) == (Decimal("19.99"), "EUR")
    assert row.paid_at
    run(order)
    assert_delivered(order, quantity=2)
    order.refresh_from_db()
    assert order.status == "fulfilled"


def test_a_checkout_paid_when_the_order_is_there_already(shop):
    product = make_key_product(channel=shop.channel, stock=1)
    checkout = shop.checkout((product, 1))
    transaction = shop.pay(checkout, "0")
    shop.report(transaction, "AUTHORIZATION_SUCCESS", "20")
    order = shop.complete(checkout)
    (before,) = run(order)

    shop.report(transaction, "CHARGE_SUCCESS", "20")

    assert (before.status, before.paid_at) == (KeyOrderStatus.PENDING, None)
    run(order)
    assert_delivered(order, quantity=1)


def test_a_draft_of_staff_that_is_marked_as_paid(shop):
    product = make_key_product(channel=shop.channel, stock=1)
    draft = shop.draft((product, 1))
    drafted = KeyOrder.objects.count()
    order = shop.complete_draft(draft)
    (before,) = run(order)

    shop.mark_as_paid(order)

    assert drafted == 0
    assert before.status == KeyOrderStatus.PENDING
    run(order)
    assert_delivered(order, quantity=1)


def test_what_else_is_in_the_cart_is_left_alone(shop):
    product = make_key_product(channel=shop.channel, stock=1)
    mug = make_variant(name="Mug", channel=shop.channel, price=Decimal("5"), stock=10)
    order = shop.complete_draft(shop.draft((product, 1), (mug, 2)))
    shop.pay(global_id(order), "30")

    run(order)

    assert_delivered(order, quantity=1)
    assert order.lines.get(variant=mug).quantity_fulfilled == 0
    order.refresh_from_db()
    assert order.status == "partially fulfilled"
    assert mug.stocks.get().quantity == 10


def test_saleors_own_count_goes_down_with_the_keys(shop):
    game = make_variant(sku="game", channel=shop.channel, stock=5)
    product = KeyProduct.objects.create(variant_id=game.pk, sku="game", name="Game")
    add_keys(product, count=2)
    order = shop.complete_draft(shop.draft((product, 2)))
    set_aside = game.stocks.get()
    shop.mark_as_paid(order)

    run(order)

    assert (set_aside.quantity, set_aside.quantity_allocated) == (5, 2)
    assert_delivered(order, quantity=2)
    left = game.stocks.get()
    assert (left.quantity, left.quantity_allocated) == (3, 0)


def test_a_cart_without_keys_is_not_recorded(shop):
    mug = make_variant(name="Mug", channel=shop.channel, price=Decimal("5"), stock=10)

    order = shop.complete_draft(shop.draft((mug, 1)))
    shop.mark_as_paid(order)

    assert not KeyOrder.objects.exists()
