"""One message, several workers who would send it."""

from __future__ import annotations

import dataclasses

import pytest

from saleor_cdkeys import lease
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.send import SendKind, send
from saleor_cdkeys.models import Delivery, DeliveryItem, KeyOrder, KeyOrderEvent
from saleor_cdkeys.orders.obtaining import obtain_and_move
from saleor_cdkeys.statuses import EventType, KeyOrderStatus
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import NO_ROW_LOCKS, rewriting, without_unique
from tests.factories.cdkeys import buy, make_key_product

pytestmark = pytest.mark.race

_WORKERS = 4
#: Whoever asks gets the message, whoever has it.
_NO_CLAIM = [
    (r'("saleor_cdkeys_delivery"\."lease_expires_at" IS NULL)', r"TRUE OR \1"),
    (r'("saleor_cdkeys_delivery"\."lease_token" = %s)', r"(\1 OR TRUE)"),
]


@dataclasses.dataclass(frozen=True)
class Race:
    sent: int
    busy: int
    mails: int
    told: int


def _obtained(shop):
    """An order whose keys are there, and of which nobody was told."""
    product = make_key_product(channel=shop, source="stock", stock=2)
    order = buy(channel=shop, lines=[(product, 2)], email="reader@example.com")
    token, (key_order_id,) = lease.claim_due(order_id=order.pk)
    key_order = KeyOrder.objects.get(pk=key_order_id)
    obtain_and_move(key_order=key_order, lease_token=token)
    lease.give_back(lease_token=token, key_order_ids=[key_order_id])
    assert KeyOrder.objects.get().status == KeyOrderStatus.FULFILLED
    return order


def _send_at_once(shop, mails, *, changes=()) -> Race:
    (delivery,) = queue_for_order(order_id=_obtained(shop).pk)
    point = MeetingPoint(_WORKERS)

    def job():
        with rewriting(*changes), point.after(r'UPDATE "saleor_cdkeys_delivery" SET "attempts"'):
            return send(delivery_id=delivery.pk).kind

    kinds = [end.value for end in at_once(*[job] * _WORKERS)]
    told = KeyOrderEvent.objects.filter(type=EventType.DELIVERY_SENT)
    return Race(
        sent=kinds.count(SendKind.SENT),
        busy=kinds.count(SendKind.BUSY),
        mails=len(mails.to("reader@example.com")),
        told=told.count(),
    )


def test_a_message_is_sent_once(shop, mails):
    assert _send_at_once(shop, mails) == Race(sent=1, busy=_WORKERS - 1, mails=1, told=1)
    assert Delivery.objects.get().attempts == 1


def test_without_the_claim_a_message_is_sent_by_everybody(shop, mails):
    race = _send_at_once(shop, mails, changes=_NO_CLAIM)

    # Who comes while another writes is sent away all the same.
    assert race.mails > 1


def _queue_at_once(shop, *, changes=()) -> tuple[int, int]:
    """How many messages were queued, and how many units they announce."""
    order = _obtained(shop)
    point = MeetingPoint(_WORKERS)

    def job():
        with rewriting(*changes), point.after(r'FROM "saleor_cdkeys_keyunit".*is_initial'):
            return len(queue_for_order(order_id=order.pk))

    ended = at_once(*[job] * _WORKERS)
    assert [end.error for end in ended] == [""] * _WORKERS
    assert sum(end.value for end in ended) == Delivery.objects.count()
    return Delivery.objects.count(), DeliveryItem.objects.count()


def test_a_unit_is_announced_once(shop):
    assert _queue_at_once(shop) == (1, 2)


def test_without_the_locks_the_constraint_still_announces_a_unit_once(shop):
    assert _queue_at_once(shop, changes=[NO_ROW_LOCKS]) == (1, 2)


def test_without_locks_and_constraint_a_unit_is_announced_by_everybody(shop):
    with without_unique("cdkeys_item_initial_once"):
        assert _queue_at_once(shop, changes=[NO_ROW_LOCKS]) == (_WORKERS, 2 * _WORKERS)
