"""The moves that the runner makes with the alert that belongs to each.

Whatever is parked for a person has an open alert, and whatever is not has a time at which it is
looked at again: a key order never falls silent.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from saleor_cdkeys import conf
from saleor_cdkeys.acquisition.purchasing import next_look
from saleor_cdkeys.alerts import is_alert_open, raise_alert
from saleor_cdkeys.backoff import backoff, not_before
from saleor_cdkeys.delivery.release_notice import queue_notice
from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.models import Delivery, KeyOrder
from saleor_cdkeys.orders import transitions
from saleor_cdkeys.orders.transitions import alert_subject
from saleor_cdkeys.statuses import AlertKind, DeliveryStatus, KeyOrderStatus, Reason

#: How soon, in seconds, an undelivered or half delivered order is looked at if nothing rings.
_BACKSTOP = 300.0
#: For how long after the payment staff need not know that a supplier lets an order wait.
_TURN_WITHIN = dt.timedelta(hours=1)


def _alert(*, key_order: KeyOrder, kind: AlertKind, message: str) -> None:
    raise_alert(
        kind=kind,
        subject=alert_subject(key_order.pk),
        message=f"{key_order.order_number} · {key_order.product_name}: {message}",
        key_order_id=key_order.pk,
        channel_id=key_order.channel_id,
    )


def _is_told(kind: AlertKind, key_order_id: int) -> bool:
    return is_alert_open(kind=kind, subject=alert_subject(key_order_id))


def park(
    *,
    key_order_id: int,
    reason: Reason,
    lease_token: uuid.UUID,
    channel_id: int,
    detail: str = "",
    next_run_at: dt.datetime | None = None,
    alert: AlertKind | None = AlertKind.KEY_ORDER_WAITING,
) -> None:
    """WAITING, for a reason. Without ``next_run_at`` only a person or an event goes on."""
    with transaction.atomic():
        before = transitions.lock(key_order_id=key_order_id, lease_token=lease_token)
        known = before.status == KeyOrderStatus.WAITING and before.reason == reason
        key_order = transitions.move(
            key_order_id=key_order_id,
            to=KeyOrderStatus.WAITING,
            reason=reason,
            detail=detail,
            next_run_at=next_run_at,
            lease_token=lease_token,
        )
        if alert is not None and not (known and _is_told(alert, key_order_id)):
            _alert(key_order=key_order, kind=alert, message=str(reason.label))


def keep_back(*, key_order: KeyOrder, reason: Reason, lease_token: uuid.UUID) -> None:
    """The keys are there but must not leave now: stay, ask a person, look again in an hour."""
    with transaction.atomic():
        known = key_order.reason == reason
        transitions.move(
            key_order_id=key_order.pk,
            to=KeyOrderStatus(key_order.status),
            reason=reason,
            next_run_at=timezone.now() + dt.timedelta(hours=1),
            lease_token=lease_token,
        )
        if not known:
            _alert(
                key_order=key_order,
                kind=AlertKind.KEY_ORDER_WAITING,
                message=str(reason.label),
            )


def retry_or_fail(
    *,
    key_order_id: int,
    lease_token: uuid.UUID,
    reason: Reason,
    detail: str,
    retry_after: float | None = None,
) -> None:
    """Try again later, or give up with an alert when the tries are used up.

    What already has its keys is never given up: it goes on trying and alerts all the same.
    ``retry_after``: seconds that a supplier asked us to wait. To wait one's turn is no failure;
    but staff are told of who waits for it too long.
    """
    with transaction.atomic():
        try:
            key_order = transitions.lock(key_order_id=key_order_id, lease_token=lease_token)
        except LeaseLost:
            return
        if retry_after:
            _wait_for_turn(key_order, lease_token, reason, detail, retry_after)
            return
        used_up = key_order.attempts + 1 >= conf.get("CDKEYS_MAX_ATTEMPTS")
        if used_up:
            _alert(
                key_order=key_order,
                kind=AlertKind.KEY_ORDER_FAILED,
                message=str(reason.label),
            )
        if used_up and key_order.status in (
            KeyOrderStatus.PENDING,
            KeyOrderStatus.PROCESSING,
            KeyOrderStatus.WAITING,
        ):
            _fail(key_order=key_order, lease_token=lease_token, reason=reason, detail=detail)
            return
        transitions.retry_later(
            key_order_id=key_order_id,
            lease_token=lease_token,
            next_run_at=timezone.now() + backoff(key_order.attempts),
            reason=reason,
            detail=detail,
            counts=True,
        )


def _wait_for_turn(
    key_order: KeyOrder, lease_token: uuid.UUID, reason: Reason, detail: str, seconds: float
) -> None:
    now = timezone.now()
    transitions.retry_later(
        key_order_id=key_order.pk,
        lease_token=lease_token,
        next_run_at=now + not_before(seconds),
        reason=reason,
        detail=detail,
        counts=False,
    )
    is_late = key_order.paid_at is not None and key_order.paid_at < now - _TURN_WITHIN
    if is_late and not _is_told(AlertKind.KEY_ORDER_WAITING, key_order.pk):
        _alert(key_order=key_order, kind=AlertKind.KEY_ORDER_WAITING, message=detail)


def _fail(*, key_order: KeyOrder, lease_token: uuid.UUID, reason: Reason, detail: str) -> None:
    if key_order.status != KeyOrderStatus.PROCESSING:
        transitions.move(
            key_order_id=key_order.pk, to=KeyOrderStatus.PROCESSING, lease_token=lease_token
        )
    # Where a supplier is why, keys that come from elsewhere are a cure.
    kept = reason if reason == Reason.SUPPLIER_ERROR else Reason.GAVE_UP
    transitions.move(
        key_order_id=key_order.pk,
        to=KeyOrderStatus.FAILED,
        reason=kept,
        detail=f"{reason.label}: {detail}" if detail else str(reason.label),
        lease_token=lease_token,
    )


def give_up_fulfilling(*, key_order_id: int, detail: str, lease_token: uuid.UUID) -> None:
    """The customer has the keys, Saleor refuses the fulfilment: tell staff, do not insist."""
    with transaction.atomic():
        key_order = transitions.lock(key_order_id=key_order_id, lease_token=lease_token)
        _alert(key_order=key_order, kind=AlertKind.FULFILMENT_FAILED, message=detail)
        if key_order.status == KeyOrderStatus.DELIVERED:
            transitions.set_next_run(
                key_order_id=key_order_id, lease_token=lease_token, next_run_at=None
            )


def schedule_rest(*, key_order_id: int, lease_token: uuid.UUID) -> None:
    """Say when to look again after a run that went through."""
    with transaction.atomic():
        key_order = transitions.lock(key_order_id=key_order_id, lease_token=lease_token)
        if key_order.status == KeyOrderStatus.DELIVERED:
            transitions.set_next_run(
                key_order_id=key_order_id,
                lease_token=lease_token,
                next_run_at=next_look(key_order_id=key_order_id),
            )
        elif key_order.status == KeyOrderStatus.FULFILLED:
            _await_delivery(key_order, lease_token)


def _await_delivery(key_order: KeyOrder, lease_token: uuid.UUID) -> None:
    """A message under way rings when it is sent; one that failed for good has its alert."""
    messages = Delivery.objects.filter(items__unit__key_order=key_order)
    if (
        messages.filter(status=DeliveryStatus.FAILED).exists()
        and not messages.filter(status=DeliveryStatus.QUEUED).exists()
    ):
        reason, next_run_at = Reason.MAIL_FAILED, None
    else:
        reason = Reason.NONE
        next_run_at = timezone.now() + dt.timedelta(seconds=_BACKSTOP)
        release_at = key_order.key_product.release_at
        if release_at is not None and release_at > timezone.now():
            longest = timezone.now() + dt.timedelta(days=1)
            next_run_at = max(next_run_at, min(release_at, longest))
            queue_notice(
                key_order_id=key_order.pk,
                lease_token=lease_token,
                release_on=timezone.localdate(release_at),
            )
    transitions.move(
        key_order_id=key_order.pk,
        to=KeyOrderStatus.FULFILLED,
        reason=reason,
        next_run_at=next_run_at,
        lease_token=lease_token,
    )
