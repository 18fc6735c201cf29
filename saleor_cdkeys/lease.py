"""Owning key orders for a while, so that two workers never do the same one.

A lease is taken by one statement that skips rows other workers are taking (SKIP LOCKED) and sets a
token where none is alive. Every later write compares the token. A worker that dies simply stops
renewing, and the sweeper's next claim takes over.

Time is told by the database, one clock for all: a worker whose own clock is ahead must not think
that the others' leases have ended.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from saleor_cdkeys import conf
from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.models import KeyOrder


def expiry() -> CombinedExpression:
    """When a lease that is taken now ends, by the database's clock."""
    return Now() + dt.timedelta(seconds=conf.get("CDKEYS_LEASE_SECONDS"))


def claim_due(*, order_id: uuid.UUID) -> tuple[uuid.UUID, list[int]]:
    """Own all due key orders of a Saleor order that nobody owns.

    Returns the token and the ids in order of the lines; no ids if there is nothing to do.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        ids = list(
            KeyOrder.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lte=Now()))
            .filter(order_id=order_id, next_run_at__lte=Now())
            .order_by("id")
            .values_list("id", flat=True)
        )
        if ids:
            KeyOrder.objects.filter(pk__in=ids).update(
                lease_token=token, lease_expires_at=expiry(), poked_at=None
            )
    return token, ids


def lock_owned(*, key_order_id: int, lease_token: uuid.UUID) -> KeyOrder:
    """Lock a key order that is ours, in the caller's transaction. Raises LeaseLost."""
    key_order = KeyOrder.objects.select_for_update(no_key=True).get(pk=key_order_id)
    if key_order.lease_token != lease_token:
        raise LeaseLost(f"Key order {key_order_id} is owned by another worker.")
    return key_order


def renew(*, key_order_id: int, lease_token: uuid.UUID) -> None:
    """Start the lease's time again; call it before anything slow. Raises LeaseLost."""
    renewed = KeyOrder.objects.filter(pk=key_order_id, lease_token=lease_token).update(
        lease_expires_at=expiry()
    )
    if not renewed:
        raise LeaseLost(f"Key order {key_order_id} is owned by another worker.")


def renew_all(*, key_order_ids: list[int], lease_token: uuid.UUID) -> None:
    """Start the time of all these leases again, those that are still ours."""
    KeyOrder.objects.filter(pk__in=key_order_ids, lease_token=lease_token).update(
        lease_expires_at=expiry()
    )


def give_back(*, lease_token: uuid.UUID, key_order_ids: list[int]) -> None:
    """End the lease where it is still ours; what was poked meanwhile is due at once."""
    poked = When(poked_at__isnull=False, then=Now())
    KeyOrder.objects.filter(pk__in=key_order_ids, lease_token=lease_token).update(
        lease_token=None,
        lease_expires_at=None,
        next_run_at=Case(poked, default=F("next_run_at")),
    )
