"""Keys that are there become one message per Saleor order, each unit once."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from saleor_cdkeys.delivery import queue
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.models import Alert, Delivery, DeliveryItem, KeyOrder, KeyOrderEvent
from saleor_cdkeys.statuses import AlertKind, DeliveryKind, EventType, Reason, UnitStatus
from tests.delivery.rows import CUSTOMER, fill, make_line, units_of


def test_all_ready_lines_of_an_order_make_one_message(db):
    first = make_line("AAAA-1111", "AAAA-2222", language="pl")
    second = make_line("BBBB-1111", order_id=first.order_id, order_number=first.order_number)
    make_line("CCCC-1111")

    (delivery,) = queue_for_order(order_id=first.order_id)

    assert (delivery.recipient, delivery.language_code) == (CUSTOMER, "pl")
    assert (delivery.kind, delivery.status) == (DeliveryKind.INITIAL, "queued")
    assert delivery.order_number == first.order_number
    items = DeliveryItem.objects.order_by("pk")
    assert [item.unit for item in items] == units_of([first, second])
    assert all(item.is_initial for item in items)
    events = KeyOrderEvent.objects.filter(type=EventType.DELIVERY_QUEUED).order_by("key_order_id")
    assert [(e.key_order_id, e.data["units"]) for e in events] == [
        (first.pk, [1, 2]),
        (second.pk, [1]),
    ]


def test_what_was_queued_is_not_queued_again(db):
    key_order = make_line("AAAA-1111")
    queue_for_order(order_id=key_order.order_id)

    assert queue_for_order(order_id=key_order.order_id) == []
    assert Delivery.objects.count() == 1
    assert KeyOrderEvent.objects.filter(type=EventType.DELIVERY_QUEUED).count() == 1


def test_together_waits_until_the_line_is_complete(db):
    key_order = make_line("AAAA-1111", "AAAA-2222", quantity=3)

    assert queue_for_order(order_id=key_order.order_id) == []
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("status", ["waiting", "processing", "failed"])
def test_as_available_takes_what_is_there_and_the_rest_later(db, status):
    key_order = make_line(
        "AAAA-1111", "AAAA-2222", quantity=3, delivery_mode="as_available", status=status
    )
    (first,) = queue_for_order(order_id=key_order.order_id)
    assert [item.unit.number for item in first.items.all()] == [1, 2]

    fill(key_order.units.get(number=3), "AAAA-3333")
    (second,) = queue_for_order(order_id=key_order.order_id)
    assert [item.unit.number for item in second.items.all()] == [3]


@pytest.mark.parametrize("status", ["pending", "refunded", "canceled", "delivered"])
def test_other_statuses_are_left_alone(db, status):
    key_order = make_line("AAAA-1111", delivery_mode="as_available", status=status)
    assert queue_for_order(order_id=key_order.order_id) == []


@pytest.mark.parametrize(
    "reason", [Reason.PAYMENT_REVERSED, Reason.ORDER_MISSING, Reason.HELD_BY_STAFF]
)
def test_what_is_kept_back_does_not_leave(db, reason):
    key_order = make_line("AAAA-1111")
    KeyOrder.objects.update(reason=reason)
    assert queue_for_order(order_id=key_order.order_id) == []
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("status", [UnitStatus.CANCELED, UnitStatus.REFUNDED, UnitStatus.OPEN])
def test_only_units_with_a_key_are_taken(db, status):
    key_order = make_line("AAAA-1111", "AAAA-2222")
    key_order.units.filter(number=1).update(status=status)
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    assert [item.unit.number for item in delivery.items.all()] == [2]


def test_without_an_address_staff_are_told_and_nothing_is_queued(db):
    key_order = make_line("AAAA-1111", email=" ")

    assert queue_for_order(order_id=key_order.order_id) == []

    assert Delivery.objects.count() == 0
    alert = Alert.objects.get()
    assert (alert.kind, alert.key_order_id) == (AlertKind.MAIL_FAILED, key_order.pk)
    assert key_order.order_number in alert.message


def test_losing_a_race_changes_nothing(db, monkeypatch):
    key_order = make_line("AAAA-1111")
    queue_for_order(order_id=key_order.order_id)
    # As if the look-up had run before the other worker committed.
    monkeypatch.setattr(queue, "_unannounced_units", lambda ids: units_of([key_order]))

    assert queue_for_order(order_id=key_order.order_id) == []
    assert Delivery.objects.count() == 1


def _queue_from_many_threads(order_id: uuid.UUID, count: int = 6) -> list[int]:
    """Queue the same order from many connections at once; returns how many each made."""
    start = threading.Barrier(count)
    made: list[int] = []

    def work() -> None:
        try:
            start.wait()
            made.append(len(queue_for_order(order_id=order_id)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(made)


@pytest.mark.django_db(transaction=True)
def test_many_workers_make_one_message():
    key_order = make_line("AAAA-1111", "AAAA-2222")

    assert _queue_from_many_threads(key_order.order_id) == [0, 0, 0, 0, 0, 1]

    assert Delivery.objects.count() == 1
    assert DeliveryItem.objects.filter(is_initial=True).count() == 2
