"""Sweeper, worker and staff at one key order at once."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.utils import timezone

from saleor_cdkeys import tasks
from saleor_cdkeys.acquisition.stock import wake_waiting
from saleor_cdkeys.errors import InvalidInput, MoveRefused
from saleor_cdkeys.models import Key, KeyOrder, KeyUnit
from saleor_cdkeys.orders import actions
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus
from saleor_cdkeys.sweeper import sweep
from saleor_cdkeys.values import Actor, KeyCode
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.promises import broken, census
from tests.concurrency.sabotage import NO_ROW_LOCKS, rewriting, without_unique
from tests.factories.cdkeys import add_keys, buy, key_orders, make_key_product, run

pytestmark = pytest.mark.race

STAFF = Actor(user_id=7)
_READS_THE_ORDER = r'FROM "order_order"'


def sweep_inline():
    return sweep(run=lambda order_id: run_order(order_id=order_id), send=tasks.deliver)


def _refusal(action):
    """What staff are told: a code, or empty if the action went through."""
    try:
        action()
    except InvalidInput as refusal:
        return refusal.code
    except MoveRefused:
        return "move_refused"
    return ""


def _woken_order(shop):
    """An order of two units that waited, and for which two keys came in."""
    product = make_key_product(channel=shop, source="stock")
    order = buy(channel=shop, lines=[(product, 2)])
    run(order)
    add_keys(product, count=2)
    assert wake_waiting(key_product_id=product.pk) == 1
    return order


def _type_keys(key_order_id):
    codes = [KeyCode.of_text("TYPED-0001"), KeyCode.of_text("TYPED-0002")]
    return actions.enter_keys(key_order_id=key_order_id, codes=codes, actor=STAFF)


@pytest.mark.parametrize("_round", range(4))
def test_whoever_comes_first_the_order_is_delivered_once(shop, mails, _round):
    order = _woken_order(shop)
    (row,) = key_orders(order)

    swept, worked, _processed, typed = at_once(
        sweep_inline,
        partial(tasks.run_order, str(order.pk)),
        partial(_refusal, partial(actions.process_now, key_order_id=row.pk, actor=STAFF)),
        partial(_refusal, partial(_type_keys, row.pk)),
    )
    sweep_inline()

    assert (swept.error, worked.error) == ("", "")
    assert broken(order, mails=mails) == []
    # Typed keys that were refused are not stored; the shop's own are still there if they were not.
    kept = {"": {"assigned": 2, "available": 2}}.get(typed.value, {"assigned": 2})
    assert census() == kept


def test_staff_are_told_that_a_worker_is_at_it(shop, mails):
    order = _woken_order(shop)
    (row,) = key_orders(order)
    owned, refused = MeetingPoint(2), MeetingPoint(2)

    def work():
        with owned.before(_READS_THE_ORDER), refused.before(_READS_THE_ORDER):
            return run_order(order_id=order.pk)

    def interfere():
        owned.meet()
        told = [
            _refusal(partial(_type_keys, row.pk)),
            _refusal(partial(actions.hold, key_order_id=row.pk, note="stop", actor=STAFF)),
            _refusal(
                partial(actions.mark_delivered, key_order_id=row.pk, note="by hand", actor=STAFF)
            ),
            _refusal(partial(actions.process_now, key_order_id=row.pk, actor=STAFF)),
            run_order(order_id=order.pk),
        ]
        refused.meet()
        return told

    worked, told = at_once(work, interfere)

    assert worked.value == 1
    assert told.value == ["busy", "busy", "busy", "", 0]
    assert broken(order, mails=mails) == []
    assert census() == {"assigned": 2}


def _type_while_keys_are_assigned(shop, *, changes=()) -> Counter[int]:
    """Staff look which units are open, then a worker fills them, then staff store their keys.

    Returns how many units have how many live keys.
    """
    order = _woken_order(shop)
    (row,) = key_orders(order)
    have_looked, has_assigned = MeetingPoint(2), MeetingPoint(2)
    looks = r'SELECT .* FROM "saleor_cdkeys_keyunit".*ORDER BY'

    def type_keys():
        with rewriting(*changes), has_assigned.after(looks), have_looked.after(looks):
            return _refusal(partial(_type_keys, row.pk))

    def work():
        have_looked.meet()
        with rewriting(*changes), has_assigned.after(r'FROM "saleor_cdkeys_delivery"'):
            return run_order(order_id=order.pk)

    _typed, worked = at_once(type_keys, work)
    assert worked.error == ""
    units = KeyUnit.objects.filter(key_order=row)
    live = Key.objects.filter(unit__in=units, status=KeyStatus.ASSIGNED)
    return Counter(Counter(live.values_list("unit_id", flat=True)).values())


def test_a_worker_leaves_alone_what_staff_are_filling(shop):
    assert _type_while_keys_are_assigned(shop) == {1: 2}
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 2
    assert KeyOrder.objects.get().status == KeyOrderStatus.FULFILLED
    assert KeyOrder.objects.get().next_run_at <= timezone.now()


def test_without_the_locks_the_constraint_still_keeps_a_unit_to_one_key(shop):
    assert _type_while_keys_are_assigned(shop, changes=[NO_ROW_LOCKS]) == {1: 2}


def test_without_locks_and_constraint_a_unit_gets_two_keys(shop):
    with without_unique("cdkeys_key_one_live_per_unit"):
        assert _type_while_keys_are_assigned(shop, changes=[NO_ROW_LOCKS]) == {2: 2}
