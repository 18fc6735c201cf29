"""Acting on what a supplier's message is about: never believing it, only asking sooner.

A message may be forged by whoever has seen another one, so all that it can do is bring forward a
question that would be asked anyway, of the supplier itself and by a worker.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys.models import KeyOrder, Purchase, SupplierMapping
from saleor_cdkeys.statuses import OPEN_PURCHASES
from saleor_cdkeys.suppliers.base import Hint, HintKind, is_storable

#: No honest message is about more than this.
MOST_HINTS = 500

#: Their clock is another one than ours: what is that much older than what we know may be news.
_SKEW = dt.timedelta(minutes=10)


def follow_hints(*, supplier_id: int, hints: Sequence[Hint]) -> list[uuid.UUID]:
    """Make due what the hints are about; returns the Saleor orders that are to be run.

    What is not of this supplier, is clear already or was looked at after it changed is left alone.
    """
    order_ids: list[uuid.UUID] = []
    for hint in hints[:MOST_HINTS]:
        if not is_storable(hint.id):
            continue
        if hint.kind == HintKind.ORDER:
            order_ids += _look_up(supplier_id, hint)
        elif hint.kind == HintKind.PRODUCT:
            _refresh(supplier_id, hint)
    return order_ids


def _look_up(supplier_id: int, hint: Hint) -> list[uuid.UUID]:
    purchases = _open_purchases(supplier_id, hint)
    if hint.updated_at is not None:
        # An order cannot have changed before there was one.
        purchases = purchases.filter(created_at__lte=_since(hint.updated_at))
    found = list(purchases.values_list("pk", "key_order_id"))
    if not found:
        return []
    key_orders = KeyOrder.objects.filter(pk__in=[key_order for _pk, key_order in found])
    still_open = Purchase.objects.filter(status__in=OPEN_PURCHASES)
    # Together, and in the order in which they are locked everywhere. Poked, so that a worker that
    # is at it just now, and has an older answer, looks it up once more.
    with transaction.atomic():
        key_orders.update(next_run_at=Now(), poked_at=Now())
        still_open.filter(pk__in=[pk for pk, _order in found]).update(next_check_at=timezone.now())
    return list(key_orders.values_list("order_id", flat=True))


def _open_purchases(supplier_id: int, hint: Hint) -> QuerySet[Purchase]:
    known_as = Q(supplier_order_id=hint.id) if hint.id else Q(pk__in=())
    reference = _reference(hint.reference)
    if reference is not None:
        known_as |= Q(reference=reference)
    return Purchase.objects.filter(
        known_as, supplier_id=supplier_id, status__in=OPEN_PURCHASES, sent_at__isnull=False
    )


def _refresh(supplier_id: int, hint: Hint) -> None:
    mappings = SupplierMapping.objects.filter(
        supplier_id=supplier_id, supplier_product_id=hint.id, is_active=True
    )
    if hint.updated_at is not None:
        is_news = Q(seen_at__isnull=True) | Q(seen_at__lte=_since(hint.updated_at))
        mappings = mappings.filter(is_news)
    mappings.filter(refresh_at__gt=Now()).update(refresh_at=Now())


def _since(updated_at: dt.datetime) -> dt.datetime:
    """The latest moment at which what was seen may lack this change. A time out of reach is now."""
    aware = updated_at if updated_at.tzinfo else updated_at.replace(tzinfo=dt.UTC)
    try:
        return aware.astimezone(dt.UTC) + _SKEW
    except OverflowError:
        return timezone.now()


def _reference(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
