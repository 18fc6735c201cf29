"""A worker that waits for a key order while its unit is filled by somebody else."""

from __future__ import annotations

import contextlib
import time
import uuid
from functools import partial

import pytest
from django.db import transaction

from saleor_cdkeys.acquisition.stock import allocate
from saleor_cdkeys.models import Key, KeyOrder, KeyUnit
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import function_changed
from tests.factories.cdkeys import add_keys, buy, key_orders, make_key_product

pytestmark = pytest.mark.race

_TOKEN = uuid.UUID(int=7)
#: Key order and units are read, but nobody waits for whoever is changing them.
_NO_LOCKS = (r" FOR NO KEY UPDATE", "")


def _race(shop, *, sabotage=contextlib.nullcontext):
    product = make_key_product(channel=shop, source="stock")
    typed, stocked = add_keys(product, count=2)
    (key_order,) = key_orders(buy(channel=shop, lines=[(product, 1)]))
    KeyOrder.objects.filter(pk=key_order.pk).update(lease_token=_TOKEN)
    Key.objects.filter(pk=typed.pk).update(status="quarantined")
    point = MeetingPoint(2)

    def fill_by_hand():
        with transaction.atomic():
            KeyOrder.objects.select_for_update(no_key=True).get(pk=key_order.pk)
            point.meet()
            # Long enough for the other to have begun to wait.
            time.sleep(1)
            unit = KeyUnit.objects.get()
            Key.objects.filter(pk=typed.pk).update(status="assigned", unit=unit)
            KeyUnit.objects.update(status="filled")

    def work():
        point.meet()
        return allocate(key_order_id=key_order.pk, lease_token=_TOKEN)

    with sabotage():
        staff, worker = at_once(fill_by_hand, work)
    stocked.refresh_from_db()
    return staff, worker, stocked


def test_a_unit_that_was_filled_meanwhile_gets_no_second_key(shop):
    staff, worker, stocked = _race(shop)

    assert (staff.error, worker.value, worker.error) == ("", 0, "")
    assert (stocked.status, stocked.unit) == ("available", None)


def test_without_the_locks_only_the_constraint_stops_it(shop):
    without_locks = partial(function_changed, "cdkeys_allocate", _NO_LOCKS)

    staff, worker, stocked = _race(shop, sabotage=without_locks)

    assert (staff.error, worker.value) == ("IntegrityError", 1)
    assert stocked.status == "assigned"
