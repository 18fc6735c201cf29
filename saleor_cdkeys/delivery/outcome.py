"""Writing down what became of an attempt to send a delivery."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import alerts, timeline
from saleor_cdkeys.delivery.contents import key_order_ids
from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.models import Delivery
from saleor_cdkeys.statuses import AlertKind, DeliveryKind, DeliveryStatus, EventType

_FREE: dict[str, Any] = {"lease_token": None, "lease_expires_at": None}


class SendKind(enum.StrEnum):
    """What became of one call to send."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    BUSY = "busy"
    CANCELED = "canceled"


def mail_subject(channel_id: int) -> str:
    """The alerts' name for the way mails of a channel leave."""
    return f"mail:channel:{channel_id}"


@transaction.atomic
def record_sent(*, delivery: Delivery) -> None:
    """The mail server took it. True whoever owns the row by now, so the lease is not asked."""
    now = timezone.now()
    rows = Delivery.objects.filter(pk=delivery.pk).exclude(status=DeliveryStatus.SENT)
    if not rows.update(
        status=DeliveryStatus.SENT, sent_at=now, next_run_at=None, error="", **_FREE
    ):
        return
    alerts.resolve_alerts(subject=mail_subject(delivery.channel_id), kind=AlertKind.MAIL_NOT_SET_UP)
    for key_order_id in key_order_ids(delivery_id=delivery.pk):
        alerts.resolve_alerts(subject=f"key_order:{key_order_id}", kind=AlertKind.MAIL_FAILED)
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.DELIVERY_SENT,
            message=delivery.recipient,
            data={"delivery": str(delivery.uid), "attempt": delivery.attempts},
        )


@transaction.atomic
def record_retry(*, delivery: Delivery, error: str, next_run_at: dt.datetime) -> None:
    """It was not taken this time. Raises LeaseLost."""
    _update_owned(delivery, next_run_at=next_run_at, error=error[:500])
    _record_failure(delivery, error=error, is_final=False)


@transaction.atomic
def record_failed(*, delivery: Delivery, error: str) -> None:
    """It will not be taken: stop, and tell staff. Raises LeaseLost."""
    _update_owned(delivery, status=DeliveryStatus.FAILED, next_run_at=None, error=error[:500])
    _record_failure(delivery, error=error, is_final=True)
    for key_order_id in key_order_ids(delivery_id=delivery.pk):
        alerts.raise_alert(
            kind=AlertKind.MAIL_FAILED,
            subject=f"key_order:{key_order_id}",
            message=_what_failed(delivery)
            % {
                "number": delivery.order_number,
                "recipient": delivery.recipient,
                "error": error,
            },
            key_order_id=key_order_id,
            channel_id=delivery.channel_id,
        )


def _what_failed(delivery: Delivery) -> str:
    if delivery.kind == DeliveryKind.RELEASE:
        return _(
            "The mail to %(recipient)s that tells when the keys of order %(number)s come failed. "
            "%(error)s"
        )
    return _(
        "The mail with the keys of order %(number)s to %(recipient)s failed. %(error)s "
        "Correct the cause or the address, then send it again."
    )


@transaction.atomic
def record_canceled(*, delivery: Delivery, why: str) -> None:
    """There is nothing left to send. Raises LeaseLost."""
    _update_owned(delivery, status=DeliveryStatus.CANCELED, next_run_at=None, error=why[:500])


@transaction.atomic
def record_put_off(*, delivery: Delivery, error: str, next_run_at: dt.datetime) -> None:
    """It could not even be tried: wait, without having used up an attempt. Raises LeaseLost."""
    _update_owned(delivery, attempts=F("attempts") - 1, next_run_at=next_run_at, error=error[:500])


def alert_not_set_up(*, delivery: Delivery, error: str) -> None:
    """Tell staff that mails of this channel do not leave; the next one that does clears it."""
    alerts.raise_alert(
        kind=AlertKind.MAIL_NOT_SET_UP,
        subject=mail_subject(delivery.channel_id),
        message=error,
        channel_id=delivery.channel_id,
    )


def _update_owned(delivery: Delivery, **values: Any) -> None:
    rows = Delivery.objects.filter(
        pk=delivery.pk, status=DeliveryStatus.QUEUED, lease_token=delivery.lease_token
    )
    if not rows.update(**values, **_FREE):
        raise LeaseLost("Another worker has the delivery now.")


def _record_failure(delivery: Delivery, *, error: str, is_final: bool) -> None:
    for key_order_id in key_order_ids(delivery_id=delivery.pk):
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.DELIVERY_FAILED,
            message=error,
            data={
                "delivery": str(delivery.uid),
                "attempt": delivery.attempts,
                "final": is_final,
            },
        )
