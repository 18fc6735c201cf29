"""Making key orders due again because something happened elsewhere."""

from __future__ import annotations

import uuid

from django.utils import timezone

from saleor_cdkeys.models import Delivery, KeyOrder
from saleor_cdkeys.orders import states


def poke_delivered(*, delivery_id: int) -> uuid.UUID:
    """A message was sent or failed for good: its key orders are to be settled.

    Returns the Saleor order to run.
    """
    order_id: uuid.UUID = Delivery.objects.values_list("order_id", flat=True).get(pk=delivery_id)
    KeyOrder.objects.filter(units__delivery_items__delivery_id=delivery_id).exclude(
        status__in=states.FINAL
    ).update(next_run_at=timezone.now())
    return order_id
