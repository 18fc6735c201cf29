"""The shop while it is open: customers order and pay, staff type keys and buy in what sold out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from django.db.models import Count

from demo import shop as goods_and_kinds
from demo.customers import PlacedOrder, place
from demo.display import Bars
from demo.errors import DemoFailed
from demo.opening import OpenShop
from demo.plan import PlannedOrder, restock_needed
from demo.shop import Kind
from saleor_cdkeys.models import KeyOrder, KeyUnit
from saleor_cdkeys.statuses import KeyOrderStatus, UnitStatus

#: Customers at the same time.
_CUSTOMERS = 4
#: Orders that are being placed or served at the same time: a busy shop, and no flash sale in which
#: all would only measure how long the queue is.
_IN_HAND = 12
#: Seconds without a single order placed or key delivered after which the rest is given up.
_PATIENCE = 60.0
_BEING_SERVED = (KeyOrderStatus.PENDING, KeyOrderStatus.PROCESSING, KeyOrderStatus.FULFILLED)
#: Seconds between two looks at how things stand.
_PACE = 0.6


class StandsStill(DemoFailed):
    """The shop is open, and serves nobody."""


def trade(orders: Sequence[PlannedOrder], *, shop: OpenShop, bars: Bars) -> list[PlacedOrder]:
    """Let all orders come in and see them through; returns them as they were placed.

    Ends when everything is delivered that can be, or when nothing is any more. Raises ProcessDied,
    ApiRefused if an order cannot be placed, and StandsStill if some never come in because those
    before them are not served.
    """
    with ThreadPoolExecutor(_CUSTOMERS, thread_name_prefix="customer") as customers:
        try:
            return _watch(orders, customers, shop=shop, bars=bars)
        finally:
            customers.shutdown(wait=False, cancel_futures=True)


def _watch(
    orders: Sequence[PlannedOrder],
    customers: ThreadPoolExecutor,
    *,
    shop: OpenShop,
    bars: Bars,
) -> list[PlacedOrder]:
    expected = _expected(orders)
    coming: list[Future[PlacedOrder]] = []
    is_restocked, last, deadline = False, (-1, -1), 0.0
    while True:
        shop.stage.check()
        placed = [each.result() for each in coming if each.done()]
        shop.codes |= shop.staff.type_keys(_to_type(placed))
        in_hand = len(coming) - len(placed) + _being_served(placed)
        for order in orders[len(coming) :][: max(0, _IN_HAND - in_hand)]:
            coming.append(customers.submit(place, order, api=shop.api, premises=shop.premises))
        delivered = _delivered(placed)
        bars.show("orders placed", done=len(placed), total=len(orders), what="orders")
        for kind, total in expected.items():
            bars.show(kind.value, done=delivered[kind], total=total)
        if (delivered.total(), len(placed)) != last:
            last, deadline = (delivered.total(), len(placed)), time.monotonic() + _PATIENCE
        is_late = time.monotonic() > deadline
        if len(placed) < len(orders):
            if is_late:
                raise StandsStill(f"{in_hand} orders are in hand, and none gets any further.")
        elif not is_restocked:
            shop.restock(restock_needed(orders))
            is_restocked = True
        elif is_late or delivered >= expected:
            return placed
        time.sleep(_PACE)


def _expected(orders: Sequence[PlannedOrder]) -> Counter[Kind]:
    """How many keys of each kind of order can be delivered while the shop is open."""
    expected = Counter({kind: 0 for kind in Kind if kind not in goods_and_kinds.GET_NOTHING})
    for order in orders:
        expected[order.kind] += order.expected
    return Counter({kind: count for kind, count in expected.items() if count})


def _to_type(placed: Sequence[PlacedOrder]) -> set[str]:
    return {
        order.number
        for order in placed
        if order.planned.kind is Kind.TYPED and order.planned.is_answered
    }


def _being_served(placed: Sequence[PlacedOrder]) -> int:
    """How many of these orders no worker has come to an end with, for now."""
    paid = [order.number for order in placed if order.paid_at is not None]
    rows = KeyOrder.objects.filter(order_number__in=paid, status__in=_BEING_SERVED)
    return rows.order_by().values("order_number").distinct().count()


def _delivered(placed: Sequence[PlacedOrder]) -> Counter[Kind]:
    kinds = {order.number: order.planned.kind for order in placed}
    units = KeyUnit.objects.filter(status=UnitStatus.DELIVERED, key_order__order_number__in=kinds)
    counts = units.order_by().values_list("key_order__order_number").annotate(Count("pk"))
    delivered: Counter[Kind] = Counter()
    for number, count in counts:
        delivered[kinds[number]] += count
    return delivered
