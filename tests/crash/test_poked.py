"""What a hook told while a worker that then died owned the key order."""

from __future__ import annotations

from unittest import mock

import pytest

from saleor_cdkeys import lease
from saleor_cdkeys.host import orders as host_orders
from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import Key
from saleor_cdkeys.orders import moves
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason
from tests.concurrency.processes import die, until_killed
from tests.crash.recovery import recover
from tests.factories.cdkeys import buy, key_orders, make_key_product

pytestmark = pytest.mark.race


@pytest.mark.parametrize("fields", [{"source": "manual"}, {"is_active": False}])
def test_a_cancellation_is_not_forgotten_with_the_worker(shop, fields):
    """The worker read the order for the last time before it was cancelled."""
    product = make_key_product(channel=shop, stock=1, **fields)
    order = buy(channel=shop, lines=[(product, 1)])
    read_order, park = host_orders.read_order, moves.park

    def cancel():
        type(order).objects.filter(pk=order.pk).update(status="canceled")
        note_order(order.pk)

    def work():
        reads = [read_order(order.pk), read_order(order.pk)]
        with (
            mock.patch.object(host_orders, "read_order", side_effect=lambda _pk: reads.pop()),
            mock.patch.object(moves, "park", lambda **kw: (cancel(), park(**kw))),
            mock.patch.object(lease, "give_back", side_effect=lambda **_: die()),
        ):
            run_order(order_id=order.pk)

    assert until_killed(work)
    recover()

    (row,) = key_orders(order)
    assert (row.status, row.reason) == (KeyOrderStatus.CANCELED, Reason.ORDER_CANCELED)
    assert Key.objects.get().status == KeyStatus.AVAILABLE
