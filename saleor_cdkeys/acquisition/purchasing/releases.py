"""Purchases of what is not released yet: until when their keys are waited for in patience."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import timeline
from saleor_cdkeys.models import Purchase
from saleor_cdkeys.statuses import EventType, PurchaseStatus

#: The longest pause, in seconds, between two questions before the release.
DAY = 86400.0
#: How long keys may be late on the day of the release before staff are told.
_GRACE = dt.timedelta(days=1)


def is_awaited(purchase: Purchase) -> bool:
    """Whether the supplier took the order, and its keys are not to be expected yet."""
    if not purchase.is_preorder or purchase.status != PurchaseStatus.ACCEPTED:
        return False
    return purchase.release_date is None or purchase.release_date > _today()


def is_patient(purchase: Purchase) -> bool:
    """Whether it is no news that the keys are not there; a little late on the day is none either.

    Whether the supplier took the order at all is waited for in patience by nobody.
    """
    is_taken = purchase.is_preorder and purchase.status == PurchaseStatus.ACCEPTED
    return is_taken and not is_overdue(purchase.release_date)


def is_overdue(day: dt.date | None) -> bool:
    """Whether a release on that day is over for longer than suppliers may be late."""
    return day is not None and day + _GRACE < _today()


def not_past_release(purchase: Purchase, pause: dt.timedelta) -> dt.timedelta:
    """The pause, cut short where the day of the release begins before its end."""
    if not is_awaited(purchase) or purchase.release_date is None:
        return pause
    return min(pause, until(purchase.release_date))


def until(day: dt.date) -> dt.timedelta:
    """How long until it begins in UTC, the clock of no supplier being known; none once it has."""
    begins = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    return max(begins - timezone.now(), dt.timedelta())


def follow(purchase: Purchase) -> None:
    """Take over what the supplier tells of the release by now: another day, or that it is out."""
    mapping = purchase.mapping
    if not purchase.is_preorder or mapping is None or mapping.seen_at is None:
        return
    is_same = mapping.supplier_product_id == purchase.supplier_product_id
    if not is_same or mapping.seen_at <= purchase.created_at:
        return
    if mapping.is_preorder:
        _move(purchase, mapping.release_date)
    elif mapping.available != 0 and is_awaited(purchase):
        _move(purchase, _today(), is_out=True)


def _move(purchase: Purchase, day: dt.date | None, *, is_out: bool = False) -> None:
    if day is None or day == purchase.release_date:
        return
    if is_out:
        message = _("The supplier sells the product as released.")
    else:
        message = _("The supplier moved the release to %(date)s.") % {"date": day.isoformat()}
    with transaction.atomic():
        Purchase.objects.filter(pk=purchase.pk).update(release_date=day)
        timeline.record(
            key_order_id=purchase.key_order_id,
            type=EventType.NOTE,
            message=message,
            data={"purchase": purchase.pk},
        )
    purchase.release_date = day


def _today() -> dt.date:
    return timezone.now().date()
