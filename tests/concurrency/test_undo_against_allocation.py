"""An import taken back while its keys are being sold."""

from __future__ import annotations

import contextlib
import dataclasses
from functools import partial

import pytest
from django.db.models import Q

from saleor_cdkeys.acquisition.stock_import.undo import undo_batch
from saleor_cdkeys.models import Key, KeyBatch, KeyUnit
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import BatchStatus, KeyStatus, UnitStatus
from saleor_cdkeys.values import Actor
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import rewriting
from tests.factories.cdkeys import add_keys, buy, make_key_product

pytestmark = pytest.mark.race

_KEYS = 6
_ORDERS = 3
_LOOKS_FOR_FREE_KEYS = r"^\s*SELECT id FROM saleor_cdkeys_key\b"
_NO_LOOK = (r"AND key\.status = 'available' AND", "AND")


@dataclasses.dataclass(frozen=True)
class Race:
    """``sold``: units that say that they have a key. ``missing``: those of them without one."""

    removed: int
    kept: int
    sold: int
    missing: int


def _race(shop, *, in_between=True, changes=()) -> Race:
    product = make_key_product(channel=shop, source="stock")
    batch = KeyBatch.objects.create(status=BatchStatus.DONE)
    keys = add_keys(product, count=_KEYS)
    Key.objects.filter(pk__in=[key.pk for key in keys]).update(batch=batch)
    orders = [buy(channel=shop, lines=[(product, 1)]) for _ in range(_ORDERS)]

    has_looked, are_sold = MeetingPoint(_ORDERS + 1), MeetingPoint(_ORDERS + 1)

    def undo():
        with contextlib.ExitStack() as stack:
            stack.enter_context(rewriting(*changes))
            if in_between:
                stack.enter_context(are_sold.after(_LOOKS_FOR_FREE_KEYS))
                stack.enter_context(has_looked.after(_LOOKS_FOR_FREE_KEYS))
            return undo_batch(batch_id=batch.pk, actor=Actor(user_id=7))

    def sell(order_id):
        if in_between:
            has_looked.meet()
        run_order(order_id=order_id)
        if in_between:
            are_sold.meet()

    jobs = [partial(sell, order.pk) for order in orders]
    undone, *ran = at_once(undo, *jobs)
    assert [end.error for end in ran] == [""] * _ORDERS
    has_key = Q(keys__status=KeyStatus.ASSIGNED)
    sold = KeyUnit.objects.exclude(status=UnitStatus.OPEN)
    return Race(
        removed=undone.value.removed_count,
        kept=Key.objects.count(),
        sold=sold.count(),
        missing=sold.exclude(pk__in=KeyUnit.objects.filter(has_key).values("pk")).count(),
    )


def test_keys_that_are_sold_while_it_is_undone_stay(shop):
    assert _race(shop) == Race(removed=_KEYS - _ORDERS, kept=_ORDERS, sold=_ORDERS, missing=0)


@pytest.mark.parametrize("_round", range(2))
def test_whoever_comes_first_a_key_is_either_sold_or_removed(shop, _round):
    race = _race(shop, in_between=False)

    assert race.missing == 0
    assert race.sold == race.kept
    assert race.removed + race.kept == _KEYS


def test_without_a_second_look_sold_keys_are_removed(shop):
    assert _race(shop, changes=[_NO_LOOK]) == Race(
        removed=_KEYS, kept=0, sold=_ORDERS, missing=_ORDERS
    )
