"""Getting the keys of one key order: from stock, from suppliers, or not now.

What was bought before and is still unclear comes first: until it is known, neither stock nor
another supplier is asked, or the customer's keys would be paid for twice.
"""

from __future__ import annotations

import uuid

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now

from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.acquisition.outcome import Kind, PurchaseOutcome
from saleor_cdkeys.acquisition.purchasing import resolve_open, try_suppliers
from saleor_cdkeys.models import KeyOrder, KeyUnit, Purchase
from saleor_cdkeys.statuses import OPEN_PURCHASES, Reason, Source, UnitStatus

_FROM_SUPPLIERS = frozenset({Source.SUPPLIERS, Source.STOCK_THEN_SUPPLIERS})


def obtain(*, key_order_id: int, lease_token: uuid.UUID) -> PurchaseOutcome:
    """Fill as many open units as can be filled now; FILLED when none is open any more.

    Raises LeaseLost. Talks to suppliers, so no transaction may be open.
    """
    still_open = resolve_open(key_order_id=key_order_id, lease_token=lease_token)
    if still_open is not None and _has_open_units(key_order_id):
        return still_open
    source = Source(
        KeyOrder.objects.values_list("key_product__source", flat=True).get(pk=key_order_id)
    )
    if source != Source.MANUAL:
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


def will_ask_suppliers(*, order_id: uuid.UUID) -> bool:
    """Whether running what is due of a Saleor order will, as far as one can tell, ask a supplier.

    That may take long. It is a guess, for choosing where to run it: keys in stock may be gone a
    moment later.
    """
    under_way = Purchase.objects.filter(key_order=OuterRef("pk"), status__in=OPEN_PURCHASES)
    due = KeyOrder.objects.filter(order_id=order_id, next_run_at__lte=Now()).annotate(
        is_bought=Exists(under_way),
        wanted=Count("units", filter=Q(units__status=UnitStatus.OPEN)),
    )
    rows = due.values_list("pk", "key_product__source", "is_bought", "wanted")
    return any(
        is_bought or (wanted and source in _FROM_SUPPLIERS and not _is_in_stock(pk, source, wanted))
        for pk, source, is_bought, wanted in rows
    )


def _is_in_stock(key_order_id: int, source: str, wanted: int) -> bool:
    """All that it wants. What was bought in surplus is not looked for: it is seldom there."""
    return source != Source.SUPPLIERS and stock.count_for(key_order_id=key_order_id) >= wanted


def has_stock_for(*, key_order: KeyOrder) -> bool:
    """Whether a key in stock is there for it, without asking anybody."""
    source = key_order.key_product.source
    if source == Source.MANUAL:
        return False
    return stock.has_key_for(key_order, bought_only=source == Source.SUPPLIERS)


def _has_open_units(key_order_id: int) -> bool:
    return KeyUnit.objects.filter(key_order_id=key_order_id, status=UnitStatus.OPEN).exists()
