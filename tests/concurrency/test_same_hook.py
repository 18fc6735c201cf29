"""The same order announced by several of Saleor's processes at once."""

from __future__ import annotations

import dataclasses

import pytest
from django.utils import timezone

from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import KeyOrder, KeyOrderEvent, KeyUnit
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import EventType, KeyOrderStatus, Reason
from saleor_cdkeys.sweeper import due_orders
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import rewriting, unique_on, without_unique
from tests.factories.cdkeys import buy, key_orders, make_key_product, place, run

pytestmark = pytest.mark.race

_WORKERS = 5
_READS_THE_ORDER = r'FROM "order_orderline"'
_JUST_INSERT = (r"ON CONFLICT .*?(?=RETURNING)", "")


@dataclasses.dataclass(frozen=True)
class Race:
    key_orders: int
    units: int
    received: int


def _race(shop, *, changes=()) -> Race:
    one = make_key_product(channel=shop, sku="one")
    two = make_key_product(channel=shop, sku="two")
    order = place(channel=shop, lines=[(one, 3), (two, 1)])

    def job():
        with rewriting(*changes):
            return note_order(order.pk)

    ended = at_once(*[job] * _WORKERS)
    assert [end.value for end in ended] == [[order.pk]] * _WORKERS
    received = KeyOrderEvent.objects.filter(type=EventType.RECEIVED)
    return Race(KeyOrder.objects.count(), KeyUnit.objects.count(), received.count())


@pytest.mark.parametrize("_round", range(3))
def test_the_same_hook_at_once_records_once(shop, _round):
    assert _race(shop) == Race(key_orders=2, units=4, received=2)


def test_without_the_constraint_the_same_hook_records_more_than_once(shop):
    with without_unique(unique_on("saleor_cdkeys_keyorder", "order_line_id")):
        race = _race(shop, changes=[_JUST_INSERT])

    assert race == Race(key_orders=2 * _WORKERS, units=4 * _WORKERS, received=2 * _WORKERS)


def _pay_while_a_worker_is_at_it(shop, *, changes=()):
    """A worker reads an unpaid order; before it has decided, the order is paid. Returns both."""
    product = make_key_product(channel=shop, source="stock", stock=1)
    order = buy(channel=shop, lines=[(product, 1)], charge_status="none")
    KeyOrder.objects.update(next_run_at=timezone.now())

    has_read, has_paid = MeetingPoint(2), MeetingPoint(2)

    def work():
        with has_paid.after(_READS_THE_ORDER), has_read.after(_READS_THE_ORDER):
            return run_order(order_id=order.pk)

    def pay():
        has_read.meet()
        type(order).objects.filter(pk=order.pk).update(charge_status="full")
        with rewriting(*changes):
            noted = note_order(order.pk)
        has_paid.meet()
        return noted

    worker, hook = at_once(work, pay)
    assert (worker.value, hook.value) == (1, [order.pk])
    (row,) = key_orders(order)
    assert (row.status, row.reason) == (KeyOrderStatus.PENDING, Reason.NOT_PAID)
    return order


def test_a_hook_while_a_worker_is_at_the_order_is_not_forgotten(shop):
    order = _pay_while_a_worker_is_at_it(shop)

    assert due_orders(limit=10) == [order.pk]
    assert [row.status for row in run(order)] == [KeyOrderStatus.DELIVERED]


def test_without_its_poke_the_hook_would_be_forgotten(shop):
    _pay_while_a_worker_is_at_it(
        shop, changes=[(r"poked_at = EXCLUDED.updated_at", "poked_at = NULL")]
    )

    assert due_orders(limit=10) == []
