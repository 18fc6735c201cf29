"""Turning what came of getting keys into a move of the key order."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import lease
from saleor_cdkeys.acquisition.acquire import obtain
from saleor_cdkeys.acquisition.outcome import Kind, PurchaseOutcome
from saleor_cdkeys.acquisition.purchasing import resolve_open
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.backoff import backoff
from saleor_cdkeys.delivery.release_notice import queue_notice
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.orders import moves, transitions, unreleased
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, Reason

#: Seconds until stock and prices are asked again where nothing was to be had.
_ASK_AGAIN = 1800.0
#: Seconds until a supplier that has not answered clearly is asked again, unless it says so itself.
_LOOK_UP_AGAIN = 60.0


def obtain_and_move(*, key_order: KeyOrder, lease_token: uuid.UUID) -> None:
    """Get what can be had now and move the key order accordingly. Raises LeaseLost."""
    if key_order.status in (KeyOrderStatus.PENDING, KeyOrderStatus.FAILED):
        _to_processing(key_order, lease_token)
    lease.renew(key_order_id=key_order.pk, lease_token=lease_token)
    outcome = obtain(key_order_id=key_order.pk, lease_token=lease_token)
    match outcome.kind:
        case Kind.FILLED:
            _filled(key_order, lease_token)
        case Kind.AGAIN:
            _to_processing(key_order, lease_token)
            transitions.set_next_run(
                key_order_id=key_order.pk, lease_token=lease_token, next_run_at=timezone.now()
            )
        case Kind.PENDING | Kind.UNKNOWN:
            _wait(key_order, lease_token, outcome, outcome.retry_after or _LOOK_UP_AGAIN, None)
            if outcome.is_awaited:
                queue_notice(
                    key_order_id=key_order.pk,
                    lease_token=lease_token,
                    release_on=outcome.release_date,
                )
        case Kind.REFUSED if outcome.reason == Reason.NOT_RELEASED:
            unreleased.wait_for_sale(key_order=key_order, outcome=outcome, lease_token=lease_token)
        case Kind.REFUSED:
            _nothing_to_be_had(key_order, lease_token, outcome)
        case Kind.TRY_LATER:
            _to_processing(key_order, lease_token)
            moves.retry_or_fail(
                key_order_id=key_order.pk,
                lease_token=lease_token,
                reason=outcome.reason,
                detail=outcome.message,
                retry_after=outcome.retry_after,
            )
        case Kind.NEEDS_PERSON:
            _wait(key_order, lease_token, outcome, None, AlertKind.KEY_ORDER_WAITING)


def _to_processing(key_order: KeyOrder, lease_token: uuid.UUID) -> None:
    """PROCESSING, with a time to look again in case this worker dies without a word."""
    if key_order.status == KeyOrderStatus.PROCESSING:
        return
    moved = transitions.move(
        key_order_id=key_order.pk,
        to=KeyOrderStatus.PROCESSING,
        next_run_at=timezone.now(),
        lease_token=lease_token,
    )
    key_order.status = moved.status


def _filled(key_order: KeyOrder, lease_token: uuid.UUID) -> None:
    _to_processing(key_order, lease_token)
    transitions.move(
        key_order_id=key_order.pk,
        to=KeyOrderStatus.FULFILLED,
        next_run_at=timezone.now(),
        lease_token=lease_token,
    )
    resolve_alerts(subject=_product_subject(key_order), kind=AlertKind.OUT_OF_STOCK)


def _wait(
    key_order: KeyOrder,
    lease_token: uuid.UUID,
    outcome: PurchaseOutcome,
    pause: float | None,
    alert: AlertKind | None,
) -> None:
    moves.park(
        key_order_id=key_order.pk,
        reason=outcome.reason,
        detail=outcome.message,
        lease_token=lease_token,
        channel_id=key_order.channel_id,
        next_run_at=timezone.now() + dt.timedelta(seconds=pause) if pause else None,
        alert=alert,
    )


def _nothing_to_be_had(
    key_order: KeyOrder, lease_token: uuid.UUID, outcome: PurchaseOutcome
) -> None:
    """Park, tell staff once per product, and ask again in a while: stock and prices change."""
    out_of_stock = outcome.reason == Reason.OUT_OF_STOCK
    pause = backoff(0, base=_ASK_AGAIN)
    moves.park(
        key_order_id=key_order.pk,
        reason=outcome.reason,
        detail=outcome.message,
        lease_token=lease_token,
        channel_id=key_order.channel_id,
        next_run_at=timezone.now() + pause,
        alert=None if out_of_stock else AlertKind.KEY_ORDER_WAITING,
    )
    if out_of_stock:
        raise_alert(
            kind=AlertKind.OUT_OF_STOCK,
            subject=_product_subject(key_order),
            message=_(
                "%(product)s: no key in stock and none to be bought. Import keys or map a "
                "supplier; waiting orders go on by themselves."
            )
            % {"product": key_order.product_name},
        )


def hold(*, key_order: KeyOrder, reason: Reason, lease_token: uuid.UUID) -> None:
    """Park for a person, without letting go of what is under way at a supplier.

    Raises LeaseLost.
    """
    outcome = resolve_open(key_order_id=key_order.pk, lease_token=lease_token)
    moves.park(
        key_order_id=key_order.pk,
        reason=reason,
        detail=_detail(key_order, reason, outcome),
        lease_token=lease_token,
        channel_id=key_order.channel_id,
        next_run_at=_looked_up_at(outcome),
    )


def _detail(key_order: KeyOrder, reason: Reason, outcome: PurchaseOutcome | None) -> str:
    if reason == Reason.HELD_BY_STAFF:
        # What staff wrote is theirs to change.
        return key_order.detail
    return "" if outcome is None else outcome.message


def _looked_up_at(outcome: PurchaseOutcome | None) -> dt.datetime | None:
    """When a purchase that is not clear yet is asked after; None where nobody can, or need."""
    if outcome is None or outcome.kind == Kind.NEEDS_PERSON:
        return None
    return timezone.now() + dt.timedelta(seconds=outcome.retry_after or _LOOK_UP_AGAIN)


def _product_subject(key_order: KeyOrder) -> str:
    return f"key_product:{key_order.key_product_id}"


def resolve_leftover(*, key_order_id: int, lease_token: uuid.UUID) -> None:
    """Ask after a purchase that was under way when the key order was called off.

    The keys it brings become stock. The row stays due until the purchase is clear.
    """
    outcome = resolve_open(key_order_id=key_order_id, lease_token=lease_token)
    transitions.set_next_run(
        key_order_id=key_order_id, lease_token=lease_token, next_run_at=_looked_up_at(outcome)
    )
