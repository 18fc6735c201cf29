"""The only writer of a key order's status.

Each function locks the row, checks the move, saves it and writes the timeline in one transaction.
A worker passes the token of its lease, and loses (LeaseLost) if another owns the row by now; staff
and events pass none, and end the lease of a worker that is at it, whose next write then fails.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys import lease, timeline
from saleor_cdkeys.alerts import resolve_alerts
from saleor_cdkeys.errors import LeaseLost, MoveRefused
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.orders import states
from saleor_cdkeys.statuses import AlertKind, EventType, KeyOrderStatus, Reason
from saleor_cdkeys.values import SYSTEM, Actor

_SAVED = [
    "status",
    "reason",
    "detail",
    "attempts",
    "next_run_at",
    "released_by_staff",
    "lease_token",
    "lease_expires_at",
    "paid_at",
    "fulfilled_at",
    "delivered_at",
    "updated_at",
]


def lock(*, key_order_id: int, lease_token: uuid.UUID | None) -> KeyOrder:
    """The row, locked. Raises LeaseLost if a token is given and another worker owns the row."""
    if lease_token is not None:
        return lease.lock_owned(key_order_id=key_order_id, lease_token=lease_token)
    return KeyOrder.objects.select_for_update(no_key=True).get(pk=key_order_id)


def move(
    *,
    key_order_id: int,
    to: KeyOrderStatus,
    reason: Reason = Reason.NONE,
    detail: str = "",
    next_run_at: dt.datetime | None = None,
    lease_token: uuid.UUID | None = None,
    actor: Actor = SYSTEM,
    message: str = "",
) -> KeyOrder:
    """Move a key order. Moving to the status it has only updates reason and time.

    Raises MoveRefused, or LeaseLost. Alerts of the key order are cleared when it is cured:
    on its way to the customer, or called off.
    """
    with transaction.atomic():
        key_order = lock(key_order_id=key_order_id, lease_token=lease_token)
        from_status = KeyOrderStatus(key_order.status)
        same = from_status == to
        if not same and not states.is_allowed(from_status=from_status, to_status=to):
            raise MoveRefused(
                from_status=from_status,
                to_status=to,
                why=states.why_not(from_status=from_status, to_status=to),
            )
        changed = not same or key_order.reason != reason or key_order.detail != detail
        _enter(key_order, to=to, reason=reason, detail=detail, next_run_at=next_run_at)
        if lease_token is None:
            key_order.lease_token = None
            key_order.lease_expires_at = None
        key_order.save(update_fields=_SAVED)
        if changed:
            timeline.record(
                key_order_id=key_order_id,
                type=EventType.MOVED,
                from_status=from_status,
                to_status=to,
                reason=reason,
                message=message or detail,
                actor=actor,
            )
        if not same and to in _CURED:
            resolve_alerts(subject=alert_subject(key_order_id))
        return key_order


_CURED = frozenset(
    {
        KeyOrderStatus.FULFILLED,
        KeyOrderStatus.DELIVERED,
        KeyOrderStatus.CANCELED,
        KeyOrderStatus.REFUNDED,
    }
)


def alert_subject(key_order_id: int) -> str:
    """The subject that alerts about this key order carry."""
    return f"key_order:{key_order_id}"


def _enter(
    key_order: KeyOrder,
    *,
    to: KeyOrderStatus,
    reason: Reason,
    detail: str,
    next_run_at: dt.datetime | None,
) -> None:
    now = timezone.now()
    key_order.status = to
    key_order.reason = reason
    key_order.detail = detail[:500]
    key_order.next_run_at = _or_poked(key_order, next_run_at)
    if to == KeyOrderStatus.FULFILLED and key_order.fulfilled_at is None:
        key_order.fulfilled_at = now
    if to == KeyOrderStatus.DELIVERED and key_order.delivered_at is None:
        key_order.delivered_at = now
    if to in _CURED or (to == KeyOrderStatus.WAITING and reason != Reason.OUTCOME_UNKNOWN):
        # Somebody answered clearly, so the tries that failed before are not in a row with others.
        key_order.attempts = 0


def _or_poked(key_order: KeyOrder, next_run_at: dt.datetime | None) -> dt.datetime | None:
    """Now, if something happened in Saleor since the order was read, else ``next_run_at``.

    Giving the lease back sees to that as well, but a worker may die before it does.
    """
    return next_run_at if key_order.poked_at is None else timezone.now()


def retry_later(
    *,
    key_order_id: int,
    lease_token: uuid.UUID,
    next_run_at: dt.datetime,
    reason: Reason,
    detail: str,
    counts: bool,
) -> KeyOrder:
    """Leave the status and come back at that time. ``counts``: whether it was an attempt.

    What is none leaves a trace in the timeline only where it tells something new.
    """
    with transaction.atomic():
        key_order = lock(key_order_id=key_order_id, lease_token=lease_token)
        is_news = counts or (key_order.reason, key_order.detail) != (reason, detail[:500])
        key_order.reason = reason
        key_order.detail = detail[:500]
        key_order.next_run_at = _or_poked(key_order, next_run_at)
        if counts:
            key_order.attempts += 1
        key_order.save(update_fields=_SAVED)
        if is_news:
            timeline.record(
                key_order_id=key_order_id,
                type=EventType.RETRY,
                reason=reason,
                message=detail,
                data={"attempts": key_order.attempts, "next_run_at": next_run_at.isoformat()},
            )
        return key_order


def set_next_run(
    *, key_order_id: int, lease_token: uuid.UUID, next_run_at: dt.datetime | None
) -> None:
    """Say when to look again, without a trace in the timeline."""
    poked = When(poked_at__isnull=False, then=Now())
    updated = KeyOrder.objects.filter(pk=key_order_id, lease_token=lease_token).update(
        next_run_at=Case(poked, default=Value(next_run_at), output_field=DateTimeField())
    )
    if not updated:
        raise LeaseLost(f"Key order {key_order_id} is owned by another worker.")


def mark_paid(*, key_order_id: int, lease_token: uuid.UUID) -> None:
    """Remember when the order was first seen paid in full."""
    KeyOrder.objects.filter(pk=key_order_id, lease_token=lease_token, paid_at__isnull=True).update(
        paid_at=timezone.now()
    )


def resolve(*, key_order_id: int, kind: AlertKind) -> None:
    """Clear the alert of this kind about a key order, if there is one."""
    resolve_alerts(subject=alert_subject(key_order_id), kind=kind)
