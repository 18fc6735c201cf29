"""Getting the keys of one key order: from stock, from suppliers, or not now.

What was bought before and is still unclear comes first: until it is known, neither stock nor
another supplier is asked, or the customer's keys would be paid for twice.
"""

from __future__ import annotations

import uuid

from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.acquisition.outcome import Kind, PurchaseOutcome
from saleor_cdkeys.acquisition.purchasing import resolve_open, try_suppliers
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import Reason, Source, UnitStatus

_FROM_SUPPLIERS = frozenset({Source.SUPPLIERS, Source.STOCK_THEN_SUPPLIERS})


def obtain(*, key_order_id: int, lease_token: uuid.UUID) -> PurchaseOutcome:
    """Fill as many open units as can be filled now; FILLED when none is open any more.

    Raises LeaseLost. Talks to suppliers, so no transaction may be open.
    """
    still_open = resolve_open(key_order_id=key_order_id, lease_token=lease_token)
    if still_open is not None:
        return still_open
    source = Source(
        KeyOrder.objects.values_list("key_product__source", flat=True).get(pk=key_order_id)
    )
    if source != Source.MANUAL and _has_open_units(key_order_id):
        # What was bought in surplus is used up first, even where the shop's own keys are not sold.
        stock.allocate(
            key_order_id=key_order_id,
            lease_token=lease_token,
            bought_only=source == Source.SUPPLIERS,
        )
    if not _has_open_units(key_order_id):
        return PurchaseOutcome(kind=Kind.FILLED)
    if source in _FROM_SUPPLIERS:
        outcome = try_suppliers(key_order_id=key_order_id, lease_token=lease_token)
        if source == Source.SUPPLIERS or outcome.reason != Reason.NO_MAPPING:
            return outcome
    return PurchaseOutcome(kind=Kind.REFUSED, reason=Reason.OUT_OF_STOCK)


def has_stock_for(*, key_order: KeyOrder) -> bool:
    """Whether a key in stock is there for it, without asking anybody."""
    source = key_order.key_product.source
    if source == Source.MANUAL:
        return False
    return stock.has_key_for(key_order, bought_only=source == Source.SUPPLIERS)


def _has_open_units(key_order_id: int) -> bool:
    units = KeyOrder.objects.get(pk=key_order_id).units
    return units.filter(status=UnitStatus.OPEN).exists()
