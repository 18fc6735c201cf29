"""From the paid order to the delivered key, and every reason to stop on the way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys.models import (
    Alert,
    ChannelSettings,
    Delivery,
    Key,
    KeyOrder,
    KeyOrderEvent,
    KeyUnit,
)
from saleor_cdkeys.orders import actions, runner
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, KeyStatus, Reason, UnitStatus
from saleor_cdkeys.values import Actor
from tests.factories.cdkeys import add_keys, buy, key_orders, make_key_product, run

STAFF = Actor(user_id=7)


def due(order) -> None:
    KeyOrder.objects.filter(order_id=order.pk).update(next_run_at=timezone.now())


def set_order(order, **fields) -> None:
    type(order).objects.filter(pk=order.pk).update(**fields)
    due(order)


def statuses(order) -> list[tuple[str, str]]:
    return [(row.status, row.reason) for row in key_orders(order)]


def test_a_paid_order_is_delivered_from_stock(channel):
    product = make_key_product(channel=channel, stock=3)
    order = buy(channel=channel, lines=[(product, 2)])

    (row,) = run(order)

    assert (row.status, row.reason, row.next_run_at) == (KeyOrderStatus.DELIVERED, "", None)
    assert row.fulfilled_at
    assert row.delivered_at
    assert row.lease_token is None
    units = row.units.order_by("number")
    assert [unit.status for unit in units] == [UnitStatus.DELIVERED] * 2
    assert all(unit.delivered_at and unit.host_fulfilled_at for unit in units)
    first, second, third = Key.objects.order_by("id")
    assert [(first.unit.number, first.status), (second.unit.number, second.status)] == [
        (1, KeyStatus.ASSIGNED),
        (2, KeyStatus.ASSIGNED),
    ]
    assert (third.unit, third.status) == (None, KeyStatus.AVAILABLE)
    assert [message.to for message in mail.outbox] == [["customer@example.com"]]
    line = order.lines.get()
    assert line.quantity_fulfilled == 2
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert not Alert.objects.exists()


def test_running_again_changes_nothing(channel):
    product = make_key_product(channel=channel, stock=5)
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    events = KeyOrderEvent.objects.count()

    due(order)
    run(order)

    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")]
    assert Key.objects.filter(status=KeyStatus.ASSIGNED).count() == 1
    assert len(mail.outbox) == 1
    assert KeyOrderEvent.objects.count() == events
    assert order.fulfillments.count() == 1


def test_two_lines_of_an_order_arrive_in_one_message(channel):
    one = make_key_product(channel=channel, sku="one", stock=1)
    two = make_key_product(channel=channel, sku="two", stock=2)
    order = buy(channel=channel, lines=[(one, 1), (two, 2)])

    run(order)

    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")] * 2
    assert Delivery.objects.get().items.count() == 3
    assert len(mail.outbox) == 1


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


def test_out_of_stock_waits_and_goes_on_by_itself_after_a_restock(channel):
    product = make_key_product(channel=channel, source="stock")
    first = buy(channel=channel, lines=[(product, 2)])
    second = buy(channel=channel, lines=[(product, 1)])
    run(first)
    run(second)
    for order in (first, second):
        assert statuses(order) == [(KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)]
        assert key_orders(order)[0].next_run_at > timezone.now()
    alert = Alert.objects.get()
    assert (alert.kind, alert.count) == (AlertKind.OUT_OF_STOCK, 2)

    from saleor_cdkeys.acquisition.stock import wake_waiting

    add_keys(product, count=2)
    assert wake_waiting(key_product_id=product.pk) == 2
    run(second)
    run(first)

    assert statuses(first) == [(KeyOrderStatus.DELIVERED, "")]
    assert statuses(second) == [(KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)]


def test_a_newcomer_leaves_the_keys_to_those_who_wait(channel):
    product = make_key_product(channel=channel, source="stock")
    waiting = buy(channel=channel, lines=[(product, 1)])
    run(waiting)
    add_keys(product, count=1)
    newcomer = buy(channel=channel, lines=[(product, 1)])

    run(newcomer)
    assert statuses(newcomer) == [(KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)]

    due(waiting)
    run(waiting)
    assert statuses(waiting) == [(KeyOrderStatus.DELIVERED, "")]


def test_together_waits_for_the_last_key(channel):
    product = make_key_product(channel=channel, source="stock", stock=2)
    order = buy(channel=channel, lines=[(product, 3)])

    (row,) = run(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)
    assert [unit.status for unit in row.units.all()] == ["filled", "filled", "open"]
    assert mail.outbox == []

    add_keys(product, count=1)
    due(order)
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert len(mail.outbox) == 1


def test_as_available_sends_what_is_there_and_the_rest_later(channel):
    product = make_key_product(
        channel=channel, source="stock", stock=2, delivery_mode="as_available"
    )
    order = buy(channel=channel, lines=[(product, 3)])

    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)
    assert [unit.status for unit in row.units.all()] == ["delivered", "delivered", "open"]
    assert len(mail.outbox) == 1
    assert order.lines.get().quantity_fulfilled == 2

    add_keys(product, count=1)
    due(order)
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert len(mail.outbox) == 2
    assert order.lines.get().quantity_fulfilled == 3
    assert [delivery.items.count() for delivery in Delivery.objects.order_by("id")] == [2, 1]


@pytest.mark.parametrize(
    ("fields", "status", "unit_status", "reason"),
    [
        ({"status": "canceled"}, "canceled", "canceled", Reason.ORDER_CANCELED),
        ({"status": "expired"}, "canceled", "canceled", Reason.ORDER_EXPIRED),
        ({"charge_status": "none"}, "refunded", "refunded", Reason.ORDER_REFUNDED),
    ],
)
def test_what_is_called_off_gets_nothing_more_and_gives_back(
    channel, fields, status, unit_status, reason
):
    product = make_key_product(channel=channel, source="stock", stock=1)
    order = buy(channel=channel, lines=[(product, 2)])
    run(order)
    assert Key.objects.get().status == KeyStatus.ASSIGNED
    set_order(order, **fields)

    (row,) = run(order)

    assert (row.status, row.reason, row.next_run_at) == (status, reason, None)
    assert {unit.status for unit in row.units.all()} == {unit_status}
    key = Key.objects.get()
    assert (key.status, key.unit_id) == (KeyStatus.AVAILABLE, None)
    assert mail.outbox == []


def test_an_exposed_key_of_a_canceled_order_is_quarantined(channel):
    product = make_key_product(channel=channel, source="stock", stock=1)
    order = buy(channel=channel, lines=[(product, 2)])
    run(order)
    Key.objects.update(exposed_at=timezone.now())
    set_order(order, status="canceled")

    run(order)

    assert Key.objects.get().status == KeyStatus.QUARANTINED


def test_a_partial_refund_before_delivery_asks_a_person(channel):
    product = make_key_product(channel=channel, source="stock")
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    set_order(order, charge_status="partial")
    add_keys(product, count=1)

    (row,) = run(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.PAYMENT_REVERSED)
    assert Key.objects.get().status == KeyStatus.AVAILABLE
    assert Alert.objects.filter(kind=AlertKind.KEY_ORDER_WAITING, resolved_at=None).count() == 1


def test_a_line_fulfilled_by_others_before_its_keys_were_obtained_asks_a_person(channel):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    order.lines.update(quantity_fulfilled=1)
    set_order(order, status="fulfilled")

    run(order)

    assert statuses(order) == [(KeyOrderStatus.WAITING, Reason.ORDER_CLOSED)]
    assert Key.objects.get().status == KeyStatus.AVAILABLE


def test_an_unforeseen_error_is_retried_then_given_up_with_an_alert(channel, settings, monkeypatch):
    settings.CDKEYS_MAX_ATTEMPTS = 3
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])

    def explode(**_arguments):
        raise RuntimeError("a text that might quote anything")

    monkeypatch.setattr(runner, "obtain_and_move", explode)
    for attempt in (1, 2):
        (row,) = run(order)
        assert (row.status, row.attempts) == (KeyOrderStatus.PENDING, attempt)
        assert row.next_run_at > timezone.now() + dt.timedelta(seconds=20 * attempt)
        assert not Alert.objects.exists()
        due(order)
    (row,) = run(order)

    assert (row.status, row.reason, row.next_run_at) == (
        KeyOrderStatus.FAILED,
        Reason.GAVE_UP,
        None,
    )
    assert "might quote" not in row.detail
    assert Alert.objects.get().kind == AlertKind.KEY_ORDER_FAILED

    due(order)
    run(order)
    assert statuses(order) == [(KeyOrderStatus.FAILED, Reason.GAVE_UP)]

    monkeypatch.undo()
    actions.process_now(key_order_id=row.pk, actor=STAFF)
    run(order)
    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")]


def test_one_broken_line_does_not_stop_the_other(channel, monkeypatch):
    broken = make_key_product(channel=channel, sku="broken", stock=1)
    sound = make_key_product(channel=channel, sku="sound", stock=1)
    order = buy(channel=channel, lines=[(broken, 1), (sound, 1)])
    real = runner.obtain_and_move

    def explode(*, key_order, lease_token):
        if key_order.key_product_id == broken.pk:
            raise RuntimeError
        real(key_order=key_order, lease_token=lease_token)

    monkeypatch.setattr(runner, "obtain_and_move", explode)

    run(order)

    assert statuses(order) == [(KeyOrderStatus.PENDING, Reason.BUG), (KeyOrderStatus.DELIVERED, "")]


def test_a_living_lease_keeps_others_out_and_a_dead_one_does_not(channel):
    import uuid

    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    KeyOrder.objects.update(
        lease_token=uuid.uuid4(), lease_expires_at=timezone.now() + dt.timedelta(seconds=60)
    )
    assert runner.run_order(order_id=order.pk) == 0
    assert Key.objects.get().status == KeyStatus.AVAILABLE

    KeyOrder.objects.update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert runner.run_order(order_id=order.pk) == 1
    assert statuses(order) == [(KeyOrderStatus.DELIVERED, "")]


def test_fulfilled_by_somebody_else_meanwhile_is_no_error(channel, monkeypatch):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    real = runner.queue_for_order

    def fulfil_first(**arguments):
        order.lines.update(quantity_fulfilled=1)
        type(order).objects.filter(pk=order.pk).update(status="fulfilled")
        return real(**arguments)

    monkeypatch.setattr(runner, "queue_for_order", fulfil_first)

    (row,) = run(order)

    assert (row.status, row.next_run_at) == (KeyOrderStatus.DELIVERED, None)
    assert not Alert.objects.exists()
    assert order.fulfillments.count() == 0


def test_a_key_order_never_falls_silent(channel):
    """Not at an end means: due, to be looked at again, or an open alert."""
    ChannelSettings.objects.create(channel_id=channel.pk, hold_above_quantity=5)
    stocked = make_key_product(channel=channel, sku="a", stock=1)
    empty = make_key_product(channel=channel, sku="b", source="stock")
    manual = make_key_product(channel=channel, sku="c", source="manual")
    orders = [
        buy(channel=channel, lines=[(stocked, 1)]),
        buy(channel=channel, lines=[(empty, 1)]),
        buy(channel=channel, lines=[(manual, 1)]),
        buy(channel=channel, lines=[(stocked, 6)]),
        buy(channel=channel, lines=[(stocked, 1)], charge_status="none"),
    ]
    for order in orders:
        due(order)
        run(order)

    for row in KeyOrder.objects.exclude(status=KeyOrderStatus.DELIVERED):
        alerted = Alert.objects.filter(key_order=row, resolved_at=None).exists()
        assert row.next_run_at is not None or alerted, row.status
    assert KeyUnit.objects.count() == 10
