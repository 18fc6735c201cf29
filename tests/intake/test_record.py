"""What is written down about a line, and what a later hook changes of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from saleor.order.models import OrderLine

from saleor_cdkeys.intake.record import note_order, note_orders
from saleor_cdkeys.models import KeyOrder, KeyProduct
from tests.factories import make_user
from tests.factories.cdkeys import key_orders, make_key_product, place
from tests.intake.rows import change

HOUR = dt.timedelta(hours=1)


def test_the_snapshot_holds_what_was_sold(channel):
    user = make_user("ada@example.com")
    product = make_key_product(channel=channel, sku="doom", price="19.99")
    order = place(
        channel=channel, lines=[(product, 2)], user=user, email="", language_code="zh-hans"
    )
    line = OrderLine.objects.get(order_id=order.pk)
    OrderLine.objects.filter(pk=line.pk).update(
        product_name="Doom", translated_product_name="毁灭战士", variant_name="Deluxe"
    )
    before = timezone.now()

    assert note_order(order.pk) == [order.pk]

    (row,) = key_orders(order)
    snapshot = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
    for moment in ("paid_at", "next_run_at", "created_at", "updated_at"):
        assert before <= snapshot.pop(moment) <= timezone.now()
    assert snapshot.pop("id") > 0
    assert snapshot == {
        "order_line_id": line.pk,
        "order_id": order.pk,
        "order_number": str(order.number),
        "channel_id": channel.pk,
        "channel_slug": "shop-eur",
        "key_product_id": product.pk,
        "variant_id": product.variant_id,
        "product_name": "毁灭战士 · Deluxe",
        "sku": "doom",
        "user_id": user.pk,
        "email": "ada@example.com",
        "language_code": "zh-hans",
        "quantity": 2,
        "unit_price_amount": Decimal("19.99"),
        "currency": "EUR",
        "status": "pending",
        "reason": "",
        "detail": "",
        "attempts": 0,
        "released_by_staff": False,
        "lease_token": None,
        "lease_expires_at": None,
        "poked_at": None,
        "fulfilled_at": None,
        "delivered_at": None,
        "release_told_at": None,
        "release_told_for": None,
    }


@pytest.mark.parametrize(
    ("status", "charge_status"),
    [
        ("unfulfilled", "none"),
        ("unfulfilled", "partial"),
        ("unconfirmed", "full"),
        ("draft", "full"),
    ],
)
def test_what_is_not_due_is_looked_at_in_an_hour(channel, status, charge_status):
    order = place(
        channel=channel,
        lines=[(make_key_product(channel=channel), 1)],
        status=status,
        charge_status=charge_status,
    )
    before = timezone.now()

    assert note_order(order.pk) == []

    (row,) = key_orders(order)
    assert before + HOUR <= row.next_run_at <= timezone.now() + HOUR


def known(channel, **fields):
    """A paid order with one key order that has these fields."""
    order = place(channel=channel, lines=[(make_key_product(channel=channel), 1)])
    note_order(order.pk)
    KeyOrder.objects.filter(order_id=order.pk).update(**fields)
    return order


def values(order):
    return KeyOrder.objects.filter(order_id=order.pk).values().get()


@pytest.mark.parametrize("status", ["pending", "processing", "waiting", "failed", "fulfilled"])
@pytest.mark.parametrize("next_run_at", [None, timezone.now() + HOUR])
def test_a_later_hook_makes_due_and_changes_nothing_else(channel, status, next_run_at):
    order = known(channel, status=status, next_run_at=next_run_at, attempts=3, reason="bug")
    before, moment = values(order), timezone.now()

    assert note_order(order.pk) == [order.pk]

    after = values(order)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"next_run_at", "poked_at", "updated_at"}
    assert moment <= after["next_run_at"] <= timezone.now()


def test_what_was_due_long_ago_keeps_its_place_in_the_queue(channel):
    since = timezone.now() - HOUR
    order = known(channel, next_run_at=since)

    assert note_order(order.pk) == [order.pk]

    assert values(order)["next_run_at"] == since


@pytest.mark.parametrize("status", ["delivered", "refunded", "canceled"])
def test_what_has_reached_its_end_is_left_alone(channel, status):
    order = known(channel, status=status, next_run_at=None)
    before = values(order)

    assert note_order(order.pk) == []

    assert values(order) == before


def test_the_first_payment_is_remembered(channel):
    order = place(
        channel=channel, lines=[(make_key_product(channel=channel), 1)], charge_status="none"
    )
    note_order(order.pk)
    change(order, charge_status="full")
    before = timezone.now()

    assert note_order(order.pk) == [order.pk]
    paid_at = values(order)["paid_at"]
    assert before <= paid_at <= timezone.now()

    note_order(order.pk)
    assert values(order)["paid_at"] == paid_at


def test_an_unpaid_order_that_was_never_paid_is_not_hurried(channel):
    order = place(
        channel=channel, lines=[(make_key_product(channel=channel), 1)], charge_status="none"
    )
    note_order(order.pk)
    before = values(order)["next_run_at"]

    assert note_order(order.pk) == []

    assert values(order)["next_run_at"] == before


def test_a_payment_taken_back_is_looked_at_now(channel):
    order = known(channel, status="waiting", next_run_at=None)
    change(order, charge_status="none")

    assert note_order(order.pk) == [order.pk]


def test_what_was_sold_and_done_before_it_was_a_key_product_is_left_alone(channel):
    product = make_key_product(channel=channel)
    order = place(channel=channel, lines=[(product, 1)], status="fulfilled")
    OrderLine.objects.filter(order_id=order.pk).update(quantity_fulfilled=1)
    KeyProduct.objects.update(created_at=timezone.now() + HOUR)

    assert note_order(order.pk) == []
    assert KeyOrder.objects.count() == 0


def test_what_was_sold_before_and_is_still_open_is_recorded(channel):
    product = make_key_product(channel=channel)
    order = place(channel=channel, lines=[(product, 1)])
    KeyProduct.objects.update(created_at=timezone.now() + HOUR)

    assert note_order(order.pk) == [order.pk]


def test_what_somebody_else_fulfilled_at_once_is_recorded_for_staff_to_see(channel):
    product = make_key_product(channel=channel)
    order = place(channel=channel, lines=[(product, 1)], status="fulfilled")
    OrderLine.objects.filter(order_id=order.pk).update(quantity_fulfilled=1)

    note_order(order.pk)

    assert len(key_orders(order)) == 1


def test_nothing_to_note_is_nothing(db):
    assert note_orders([]) == []
