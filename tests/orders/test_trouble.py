"""Errors, dead workers and others who were quicker: nothing is lost, and nothing falls silent."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from saleor_cdkeys.models import Alert, ChannelSettings, Key, KeyOrder, KeyUnit
from saleor_cdkeys.orders import actions, runner
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, KeyStatus, Reason
from tests.factories.cdkeys import buy, make_key_product, run
from tests.orders.running import STAFF, due, statuses


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
