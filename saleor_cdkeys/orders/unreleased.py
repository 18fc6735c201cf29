"""Key orders of a product that is not released yet."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from saleor_cdkeys.acquisition.outcome import PurchaseOutcome
from saleor_cdkeys.acquisition.purchasing import releases, resolve_open
from saleor_cdkeys.backoff import backoff
from saleor_cdkeys.delivery.release_notice import queue_notice
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.orders import moves, transitions
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, Reason

#: Looked at this often in any case, so that a day that moved is seen.
_LONGEST = dt.timedelta(seconds=releases.DAY)
#: Seconds until suppliers are asked again for what they ought to sell by now.
_ASK_AGAIN = 1800.0


def wait(*, key_order: KeyOrder, until: dt.datetime, lease_token: uuid.UUID) -> None:
    """Stay until then, with the customer told of the day. Raises LeaseLost.

    What was bought before the moment was set is followed all the same. Talks to suppliers, so no
    transaction may be open.
    """
    outcome = resolve_open(key_order_id=key_order.pk, lease_token=lease_token)
    next_run_at = min(until, timezone.now() + _LONGEST)
    if outcome is not None and outcome.retry_after is not None:
        next_run_at = min(next_run_at, timezone.now() + dt.timedelta(seconds=outcome.retry_after))
    transitions.move(
        key_order_id=key_order.pk,
        to=KeyOrderStatus(key_order.status),
        reason=Reason.NOT_RELEASED,
        next_run_at=next_run_at,
        lease_token=lease_token,
    )
    queue_notice(
        key_order_id=key_order.pk,
        lease_token=lease_token,
        release_on=timezone.localdate(until),
    )


def wait_for_sale(*, key_order: KeyOrder, outcome: PurchaseOutcome, lease_token: uuid.UUID) -> None:
    """Stay until suppliers sell it without a pre-order, with the customer told of their day.

    Staff are told where no supplier names a day, or it went by, until one does. Raises LeaseLost.
    """
    day = outcome.release_date
    pause = min(releases.until(day), _LONGEST) if day is not None else dt.timedelta()
    is_told = day is None or releases.is_overdue(day)
    moves.park(
        key_order_id=key_order.pk,
        reason=Reason.NOT_RELEASED,
        detail=outcome.message,
        lease_token=lease_token,
        channel_id=key_order.channel_id,
        next_run_at=timezone.now() + (pause or backoff(0, base=_ASK_AGAIN)),
        alert=AlertKind.KEY_ORDER_WAITING if is_told else None,
    )
    if not is_told:
        transitions.resolve(key_order_id=key_order.pk, kind=AlertKind.KEY_ORDER_WAITING)
    if pause:
        queue_notice(key_order_id=key_order.pk, lease_token=lease_token, release_on=day)
