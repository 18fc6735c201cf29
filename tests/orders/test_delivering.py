"""From the paid order to the delivered key."""

from __future__ import annotations

from django.core import mail

from saleor_cdkeys.models import Alert, Delivery, Key, KeyOrderEvent
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason, UnitStatus
from tests.factories.cdkeys import add_keys, buy, make_key_product, run
from tests.orders.running import due, statuses


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
