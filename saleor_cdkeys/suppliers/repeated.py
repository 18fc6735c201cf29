"""Several orders that a supplier made of one request. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from saleor_cdkeys.suppliers.base import SupplierOrder
from saleor_cdkeys.values import Money


def together(orders: Sequence[SupplierOrder]) -> SupplierOrder:
    """One order of all that have our reference: however it came about, all of them are paid for.

    It goes by the id of the first. While keys are still to come it goes by none: an order whose id
    is known is looked up by that alone, and the keys of the others would be lost.
    """
    first, *others = orders
    if not others:
        return first
    is_final = all(order.is_final for order in orders)
    return SupplierOrder(
        first.supplier_order_id if is_final else "",
        tuple(itertools.chain.from_iterable(order.keys for order in orders)),
        is_final=is_final,
        charged=_sum([order.charged for order in orders]),
        repeated_ids=tuple(order.supplier_order_id for order in orders),
    )


def _sum(charges: Sequence[Money | None]) -> Money | None:
    """None where one of them was not told, or in another currency."""
    told = [charge for charge in charges if charge is not None]
    currencies = {charge.currency for charge in told}
    if len(told) < len(charges) or len(currencies) > 1:
        return None
    return Money(sum((charge.amount for charge in told), Decimal(0)), currencies.pop())
