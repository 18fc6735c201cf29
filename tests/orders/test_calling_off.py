"""What is called off or closed gets no more keys."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys.models import Alert, Key
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, KeyStatus, Reason
from tests.factories.cdkeys import add_keys, buy, make_key_product, run
from tests.orders.running import set_order, statuses


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
