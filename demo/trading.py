"""The shop while it is open: customers order and pay, staff type keys and buy in what sold out."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

from demo.customers import PlacedOrder, place_and_pay
from demo.display import Bars
from demo.opening import OpenShop
from demo.plan import PlannedOrder, restock_needed
from demo.shop import Kind

#: Customers at the same time.
_CUSTOMERS = 4
#: Seconds that the last orders have to be delivered.
_PATIENCE = 75.0
#: Seconds between two looks at how things stand.
_PACE = 0.4


def trade(orders: list[PlannedOrder], *, shop: OpenShop, bars: Bars) -> list[PlacedOrder]:
    """Let all orders come in and see them through; returns those that were placed and paid.

    Ends when everything is delivered that can be, or when patience runs out. Raises ProcessDied.
    """
    pool = ThreadPoolExecutor(max_workers=_CUSTOMERS, thread_name_prefix="customer")
    with pool:
        coming = [
            pool.submit(place_and_pay, order, api=shop.api, premises=shop.premises)
            for order in orders
        ]
        try:
            return _watch(orders, coming, shop=shop, bars=bars)
        finally:
            pool.shutdown(cancel_futures=True)


def _watch(
    orders: list[PlannedOrder],
    coming: list[Future[PlacedOrder]],
    *,
    shop: OpenShop,
    bars: Bars,
) -> list[PlacedOrder]:
    to_deliver = sum(order.units for order in orders if order.answered)
    restocked = False
    deadline = None
    while True:
        shop.stage.check()
        placed = [each.result() for each in coming if each.done()]
        answer_for = [order for order in placed if order.planned.answered]
        shop.codes |= shop.staff.type_keys(
            [order.number for order in answer_for if order.planned.kind is Kind.TYPED]
        )
        delivered = _show(bars, placed, orders, shop)
        if len(placed) == len(orders):
            if not restocked:
                shop.restock(restock_needed(orders))
                restocked, deadline = True, time.monotonic() + _PATIENCE
            if delivered >= to_deliver or time.monotonic() > (deadline or 0):
                return placed
        time.sleep(_PACE)
