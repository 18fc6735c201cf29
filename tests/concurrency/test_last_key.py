"""Many paid orders, one key."""

from __future__ import annotations

import dataclasses
from functools import partial

import pytest

from saleor_cdkeys.models import Key, KeyOrder, KeyUnit
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason, UnitStatus
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import function_changed
from tests.factories.cdkeys import add_keys, buy, make_key_product

pytestmark = pytest.mark.race

_WORKERS = 4
_NO_LOCK = (r" FOR UPDATE SKIP LOCKED", "")
#: A pause between choosing a key and taking it.
_SLOWLY = (r"UPDATE saleor_cdkeys_key SET", "PERFORM pg_sleep(0.2); UPDATE saleor_cdkeys_key SET")


@dataclasses.dataclass(frozen=True)
class Race:
    """``winners``: orders that say that they have a key. ``holders``: keys that say so."""

    winners: int
    holders: int
    delivered: int
    waiting: int
    free_keys: int
    mails: int


def _race(shop, mails, *, keys: int = 1, guarded: bool = True) -> Race:
    product = make_key_product(channel=shop, sku="last", source="stock")
    add_keys(product, count=keys)
    orders = [
        buy(channel=shop, lines=[(product, 1)], email=f"racer{n}@example.com")
        for n in range(_WORKERS)
    ]

    changes = [_SLOWLY] if guarded else [_SLOWLY, _NO_LOCK]
    point = MeetingPoint(_WORKERS)

    def job(order_id):
        with point.before("cdkeys_allocate"):
            return run_order(order_id=order_id)

    with function_changed("cdkeys_allocate", *changes):
        ended = at_once(*[partial(job, order.pk) for order in orders])
    assert [end.error for end in ended] == [""] * _WORKERS
    return Race(
        winners=KeyUnit.objects.exclude(status=UnitStatus.OPEN).count(),
        holders=Key.objects.filter(status=KeyStatus.ASSIGNED).count(),
        delivered=KeyOrder.objects.filter(status=KeyOrderStatus.DELIVERED).count(),
        waiting=KeyOrder.objects.filter(
            status=KeyOrderStatus.WAITING, reason=Reason.OUT_OF_STOCK
        ).count(),
        free_keys=Key.objects.filter(status=KeyStatus.AVAILABLE).count(),
        mails=len(mails.messages),
    )


def test_the_last_key_goes_to_one_order(shop, mails):
    assert _race(shop, mails) == Race(
        winners=1, holders=1, delivered=1, waiting=_WORKERS - 1, free_keys=0, mails=1
    )


def test_as_many_orders_win_as_there_are_keys(shop, mails):
    assert _race(shop, mails, keys=3) == Race(
        winners=3, holders=3, delivered=3, waiting=_WORKERS - 3, free_keys=0, mails=3
    )


def test_without_the_lock_the_last_key_is_sold_twice(shop, mails):
    race = _race(shop, mails, guarded=False)

    assert race.holders == 1
    assert race.winners > 1
