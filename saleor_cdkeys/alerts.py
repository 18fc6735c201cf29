"""Raising and clearing alerts: one open row per cause, counted, cleared when cured."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.utils import timezone

from saleor_cdkeys.models import Alert
from saleor_cdkeys.statuses import AlertKind

_RAISE = """
INSERT INTO saleor_cdkeys_alert
    (kind, subject, message, count, key_order_id, channel_id, created_at, last_seen_at)
VALUES (%s, %s, %s, 1, %s, %s, %s, %s)
ON CONFLICT (kind, subject) WHERE resolved_at IS NULL DO UPDATE
SET count = saleor_cdkeys_alert.count + 1,
    message = EXCLUDED.message,
    last_seen_at = EXCLUDED.last_seen_at
"""


def raise_alert(
    *,
    kind: AlertKind,
    subject: str,
    message: str,
    key_order_id: int | None = None,
    channel_id: int | None = None,
) -> None:
    """Open an alert, or count one more on the open one of this kind and subject.

    ``subject`` is a stable name of the cause, such as ``key_order:12``. ``message`` says to staff
    what to do, and holds no code.
    """
    now = timezone.now()
    # One statement, because two workers often meet the same cause at once.
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [kind, subject, message[:500], key_order_id, channel_id, now, now])


def resolve_alerts(*, subject: str, kind: AlertKind | None = None) -> int:
    """Close the open alerts of a cause that is cured (of one kind, or all). Returns how many."""
    return resolve_alerts_of(subjects=[subject], kind=kind)


def resolve_alerts_of(*, subjects: Collection[str], kind: AlertKind | None = None) -> int:
    """Close the open alerts of several causes likewise, in one statement."""
    alerts = Alert.objects.filter(subject__in=subjects, resolved_at__isnull=True)
    if kind is not None:
        alerts = alerts.filter(kind=kind)
    return alerts.update(resolved_at=timezone.now())


def is_alert_open(*, kind: AlertKind, subject: str) -> bool:
    """Whether staff have been told of this cause, and it is not cured yet."""
    return Alert.objects.filter(kind=kind, subject=subject, resolved_at__isnull=True).exists()
