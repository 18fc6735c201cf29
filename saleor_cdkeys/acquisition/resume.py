"""Looking again at orders that waited for a setting which has just changed."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from saleor_cdkeys.models import KeyOrder, Purchase, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus, PurchaseStatus, Reason

#: What a change of a key product, its mappings or a supplier may cure.
_CURABLE = (
    Reason.OUT_OF_STOCK,
    Reason.NO_MAPPING,
    Reason.PRICE_ABOVE_GUARD,
    Reason.CURRENCY_MISMATCH,
    Reason.SUPPLIER_ERROR,
    Reason.NOT_RELEASED,
    Reason.PRODUCT_INACTIVE,
    Reason.MANUAL_PRODUCT,
)


_WAIT_FOR_RELEASE = (KeyOrderStatus.PENDING, KeyOrderStatus.PROCESSING, KeyOrderStatus.WAITING)


def resume_waiting(*, key_product_id: int, limit: int = 1000) -> int:
    """Make due the orders of a key product that waited for its settings. Returns how many.

    Whether they go on is decided when they are run; what still cannot be had waits on. At most
    ``limit`` are made due, the longest waiting first; the rest look again by themselves.
    """
    waiting = KeyOrder.objects.filter(
        key_product_id=key_product_id, status=KeyOrderStatus.WAITING, reason__in=_CURABLE
    )
    return _make_due(waiting, limit)


def resume_unreleased(*, key_product_id: int) -> int:
    """Make due the orders of a key product whose release moved, all of them.

    Customers are told of the new day, and what may leave by now does. A worker that is at one of
    them may have read the old moment, so its order is run once more.
    """
    waits = Q(reason=Reason.NOT_RELEASED) | Q(lease_expires_at__gt=Now())
    has_keys = Q(status=KeyOrderStatus.FULFILLED, next_run_at__isnull=False)
    rows = KeyOrder.objects.filter(key_product_id=key_product_id)
    rows = rows.filter(Q(waits, status__in=_WAIT_FOR_RELEASE) | has_keys)
    return rows.update(next_run_at=Now(), poked_at=Now())


def resume_preorders(*, mappings: Collection[SupplierMapping]) -> None:
    """Make due what waits for the release of products that the supplier told anew, all of it.

    What was bought before is looked up at once, and what is to be bought on the day is asked for.
    Call it inside the transaction that writes the new day: a worker that dies must not leave the
    one without the other.
    """
    if not mappings:
        return
    bought = Purchase.objects.filter(
        mapping__in=mappings, is_preorder=True, status=PurchaseStatus.ACCEPTED
    )
    found = list(bought.values_list("pk", "key_order_id"))
    waits = Q(
        key_product_id__in={mapping.key_product_id for mapping in mappings},
        status=KeyOrderStatus.WAITING,
        reason=Reason.NOT_RELEASED,
    )
    rows = KeyOrder.objects.filter(waits | Q(pk__in=[key_order for _pk, key_order in found]))
    # Key orders before purchases, as everywhere.
    rows.update(next_run_at=Now(), poked_at=Now())
    bought.filter(pk__in=[pk for pk, _key_order in found]).update(next_check_at=None)


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
    return waiting.filter(pk__in=list(first)).update(next_run_at=Now(), poked_at=Now())
