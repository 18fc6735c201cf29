"""What is not paid for, not due or held back obtains nothing until then."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.models import Alert, ChannelSettings, Key, KeyOrder, KeyOrderEvent
from saleor_cdkeys.orders import actions
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, KeyStatus, Reason
from tests.factories.cdkeys import buy, make_key_product, run
from tests.orders.running import STAFF, due, set_order, statuses


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"charge_status": "none"}, Reason.NOT_PAID),
        ({"charge_status": "partial"}, Reason.NOT_PAID),
        ({"status": "draft"}, Reason.NOT_CONFIRMED),
        ({"status": "unconfirmed"}, Reason.NOT_CONFIRMED),
    ],
)
def test_what_is_not_paid_and_confirmed_obtains_nothing(channel, fields, reason):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)], **fields)
    due(order)

    (row,) = run(order)

    assert (row.status, row.reason) == (KeyOrderStatus.PENDING, reason)
    assert row.next_run_at > timezone.now() + dt.timedelta(minutes=30)
    assert Key.objects.get().status == KeyStatus.AVAILABLE
    with pytest.raises(actions.InvalidInput) as refusal:
        actions.process_now(key_order_id=row.pk, actor=STAFF)
    assert refusal.value.code == "not_payable"
    assert Key.objects.get().status == KeyStatus.AVAILABLE


def test_paying_later_delivers(channel):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)], charge_status="none")
    run(order)
    set_order(order, charge_status="full")

    run(order)

    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")]


def test_the_delay_of_the_channel_runs_from_the_payment(channel):
    ChannelSettings.objects.create(channel_id=channel.pk, process_delay=600)
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])

    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.PENDING, Reason.DELAY)
    assert row.next_run_at == row.paid_at + dt.timedelta(seconds=600)

    KeyOrder.objects.update(paid_at=timezone.now() - dt.timedelta(seconds=601))
    due(order)
    run(order)
    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")]


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ({"auto_processing": False}, Reason.AUTO_PROCESSING_OFF),
        ({"hold_above_amount": Decimal("39.99")}, Reason.ABOVE_AMOUNT),
        ({"hold_above_quantity": 1}, Reason.ABOVE_QUANTITY),
    ],
)
def test_a_held_order_waits_for_staff_who_release_it(channel, own, reason):
    ChannelSettings.objects.create(channel_id=channel.pk, **own)
    product = make_key_product(channel=channel, price="20.00", stock=2)
    order = buy(channel=channel, lines=[(product, 2)])

    (row,) = run(order)
    assert (row.status, row.reason, row.next_run_at) == (KeyOrderStatus.WAITING, reason, None)
    alert = Alert.objects.get()
    assert (alert.kind, alert.key_order_id) == (AlertKind.KEY_ORDER_WAITING, row.pk)
    due(order)
    run(order)
    assert statuses(order) == [(KeyOrderStatus.WAITING, reason)]
    assert Alert.objects.get().count == 1

    actions.process_now(key_order_id=row.pk, actor=STAFF)
    run(order)

    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")]
    assert Alert.objects.get().resolved_at is not None
    assert KeyOrderEvent.objects.filter(user_id=7, to_status="processing").count() == 1


def test_just_at_the_limits_nothing_is_held(channel):
    ChannelSettings.objects.create(
        channel_id=channel.pk, hold_above_amount=Decimal("40.00"), hold_above_quantity=2
    )
    product = make_key_product(channel=channel, price="20.00", stock=2)
    order = buy(channel=channel, lines=[(product, 2)])

    run(order)

    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"source": "manual"}, Reason.MANUAL_PRODUCT),
        ({"is_active": False}, Reason.PRODUCT_INACTIVE),
    ],
)
def test_products_that_staff_handle_wait(channel, fields, reason):
    product = make_key_product(channel=channel, stock=1, **fields)
    order = buy(channel=channel, lines=[(product, 1)])

    run(order)

    assert statuses(order) == [(KeyOrderStatus.WAITING, reason)]
    assert Key.objects.get().status == KeyStatus.AVAILABLE
