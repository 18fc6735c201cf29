"""Looking again at orders that waited for a setting which has just changed."""

from __future__ import annotations

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
    first = waiting.order_by("id").values_list("pk", flat=True)[:limit]
    return waiting.filter(pk__in=list(first)).update(next_run_at=timezone.now())
