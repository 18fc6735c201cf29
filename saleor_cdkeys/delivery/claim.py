"""Owning a delivery while it is being sent."""

from __future__ import annotations

import uuid

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.lease import expiry
from saleor_cdkeys.models import Delivery
from saleor_cdkeys.statuses import DeliveryStatus


def _due() -> QuerySet[Delivery]:
    return Delivery.objects.filter(status=DeliveryStatus.QUEUED, next_run_at__lte=Now()).filter(
        Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lte=Now())
    )


def due_deliveries(limit: int) -> list[int]:
    """The ids of deliveries that are due and that nobody owns, the longest due first."""
    return list(_due().order_by("next_run_at", "id").values_list("pk", flat=True)[:limit])


def claim(*, delivery_id: int) -> Delivery:
    """Take a due delivery, counting one attempt. ``lease_token`` of the answer is the owner's.

    The attempt counts from here, so that a message that kills its worker does not do so for ever.
    Raises LeaseLost where it is not due, was sent, or somebody else owns it.
    """
    token = uuid.uuid4()
    won = _due().filter(pk=delivery_id)
    if not won.update(
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_expires_at=expiry(),
    ):
        raise LeaseLost("The delivery is not due, or another worker has it.")
    return Delivery.objects.get(pk=delivery_id)


def lock_owned(*, delivery: Delivery) -> Delivery:
    """Lock the row of a delivery that we own, in the caller's transaction; raises LeaseLost."""
    row = (
        Delivery.objects.select_for_update(no_key=True)
        .filter(pk=delivery.pk, status=DeliveryStatus.QUEUED, lease_token=delivery.lease_token)
        .first()
    )
    if row is None:
        raise LeaseLost("Another worker has the delivery now.")
    return row
