"""All delivered: what could be delivered while the shop was open, was.

No promise of the plugin's, which may take its time, but a demo in which orders only wait would
keep every promise and show nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from demo.customers import PlacedOrder
from demo.promises.promise import Promise
from saleor_cdkeys.models import KeyOrder, KeyUnit
from saleor_cdkeys.statuses import KeyOrderStatus, UnitStatus


def check(placed: Iterable[PlacedOrder]) -> Promise:
    orders = {order.number: order for order in placed if order.planned.expected}
    units = KeyUnit.objects.filter(key_order__order_number__in=orders)
    delivered = Counter(
        units.filter(status=UnitStatus.DELIVERED).values_list("key_order__order_number", flat=True)
    )
    expected = sum(order.planned.expected for order in orders.values())
    late = [
        number for number, order in orders.items() if delivered[number] < order.planned.expected
    ]
    broken = tuple(f"order {number}: {_stand(number)}" for number in late)
    facts = (f"{delivered.total()} of {expected} keys that were to be had are with the customers",)
    return Promise(title="All delivered", facts=facts, broken=broken)


def _stand(number: str) -> str:
    lines = KeyOrder.objects.filter(order_number=number).exclude(status=KeyOrderStatus.DELIVERED)
    return "; ".join(
        f"{line.product_name} is {line.status} ({line.get_reason_display() or 'no reason'})"
        for line in lines
    )
