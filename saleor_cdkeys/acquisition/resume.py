"""Looking again at orders that waited for a setting which has just changed."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils import timezone

from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, Reason

#: What a change of a key product, its mappings or a supplier may cure.
_CURABLE = (
    Reason.OUT_OF_STOCK,
    Reason.NO_MAPPING,
    Reason.PRICE_ABOVE_GUARD,
    Reason.CURRENCY_MISMATCH,
    Reason.SUPPLIER_ERROR,
    Reason.PRODUCT_INACTIVE,
    Reason.MANUAL_PRODUCT,
)


def resume_waiting(*, key_product_id: int, limit: int = 1000) -> int:
    """Make due the orders of a key product that waited for its settings. Returns how many.

    Whether they go on is decided when they are run; what still cannot be had waits on. At most
    ``limit`` are made due, the longest waiting first; the rest look again by themselves.
    """
    waiting = KeyOrder.objects.filter(
        key_product_id=key_product_id, status=KeyOrderStatus.WAITING, reason__in=_CURABLE
    )
    return _make_due(waiting, limit)


def resume_for_rates(*, limit: int = 1000) -> int:
    """Make due the orders that waited for an exchange rate, as resume_waiting does."""
    waiting = KeyOrder.objects.filter(
        status=KeyOrderStatus.WAITING, reason=Reason.CURRENCY_MISMATCH
    )
    return _make_due(waiting, limit)


def resume_products(*, key_product_ids: Collection[int]) -> None:
    """Make due what waited for one of these key products, as resume_waiting does."""
    if not key_product_ids:
        return
    waited_for = KeyOrder.objects.filter(
        key_product_id__in=key_product_ids, status=KeyOrderStatus.WAITING
    )
    products = waited_for.order_by("key_product_id").values_list("key_product_id", flat=True)
    for key_product_id in products.distinct():
        resume_waiting(key_product_id=key_product_id)


def _make_due(waiting: QuerySet[KeyOrder], limit: int) -> int:
    first = waiting.order_by("id").values_list("pk", flat=True)[:limit]
    return waiting.filter(pk__in=list(first)).update(next_run_at=timezone.now())
