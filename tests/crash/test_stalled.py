"""Workers that stall for hours in the middle of their work, and then go on where they were."""

from __future__ import annotations

from unittest import mock

import pytest

from saleor_cdkeys import lease
from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import KeyOrder, KeyOrderEvent
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import EventType, Reason
from tests.concurrency.promises import census
from tests.crash.dying import everything_wrong, stall_at_each_moment
from tests.crash.recovery import recover
from tests.factories.cdkeys import make_key_product, place

pytestmark = pytest.mark.race


def note_and_run(order):
    note_order(order.pk)
    run_order(order_id=order.pk)


def _from_stock(shop):
    def prepare(number):
        product = make_key_product(channel=shop, sku=f"game-{number}", source="stock", stock=3)
        return place(channel=shop, lines=[(product, 2)], email=f"customer{number}@example.com")

    return prepare


def test_an_order_from_stock_that_others_finish_meanwhile(shop, mails):
    stalls = stall_at_each_moment(_from_stock(shop), note_and_run, meanwhile=recover)
    recover()

    assert everything_wrong(stalls, mails) == {}
    orders = len(stalls) + 1
    assert census() == {"assigned": 2 * orders, "available": orders}
    assert not _troubled().exists()


def _troubled():
    """Orders that were done, and that a worker which had lost them was at all the same."""
    return KeyOrderEvent.objects.filter(type=EventType.RETRY, reason=Reason.BUG)


def test_a_worker_that_does_not_look_who_owns_the_order_does_harm(shop, mails):
    def note_and_run_blindly(order):
        with mock.patch.object(
            lease, "lock_owned", lambda *, key_order_id, **_: KeyOrder.objects.get(pk=key_order_id)
        ):
            note_and_run(order)

    stall_at_each_moment(_from_stock(shop), note_and_run_blindly, meanwhile=recover)

    assert _troubled().exists()
