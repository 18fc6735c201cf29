"""Running the key orders of one Saleor order: decide, obtain, deliver, fulfil.

All due lines of an order run together, so that the customer gets one message. Every step commits
what it did; a worker that dies anywhere leaves rows from which the next one goes on.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid

from django.utils import timezone

from saleor_cdkeys import channel_config, lease
from saleor_cdkeys.acquisition.acquire import has_stock_for
from saleor_cdkeys.acquisition.purchasing import resolve_open
from saleor_cdkeys.backoff import backoff
from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.send import send
from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.host import orders as host_orders
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.orders import moves, settle, transitions, unreleased
from saleor_cdkeys.orders.calling_off import call_off
from saleor_cdkeys.orders.decide import CallOff, Decision, Hold, NotYet, Proceed, decide
from saleor_cdkeys.orders.obtaining import hold, obtain_and_move, resolve_leftover
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, Reason
from saleor_cdkeys.values import OrderSnapshot

logger = logging.getLogger(__name__)

#: How often an order that waits for an event is looked at all the same.
_LOOK_AGAIN = 3600.0
#: Why keys that are there do not leave until a person decides.
_KEPT_BACK = (Reason.PAYMENT_REVERSED, Reason.ORDER_MISSING)


@dataclasses.dataclass(frozen=True, slots=True)
class _Run:
    """What one run of an order knows. ``paid``: what was known as paid before it was read."""

    order: OrderSnapshot | None
    paid: frozenset[int]
    config: ChannelConfig
    token: uuid.UUID


def run_order(*, order_id: uuid.UUID) -> int:
    """Do what is due for a Saleor order; returns how many key orders were looked at.

    May be called twice or at the same time by two workers: the second finds nothing to do. Talks to
    suppliers and the mail server, so no transaction may be open.
    """
    token, ids = lease.claim_due(order_id=order_id)
    if not ids:
        return 0
    try:
        paid, order = _read(order_id=order_id, ids=ids)
        channel_id = KeyOrder.objects.values_list("channel_id", flat=True).get(pk=ids[0])
        config = channel_config.for_channel(channel_id)
        run = _Run(order=order, paid=paid, config=config, token=token)
        advanced = [pk for pk in ids if _guarded(_advance, key_order_id=pk, run=run)]
        # Buying takes its time: what was called off meanwhile must not be sent.
        paid, order = _read(order_id=order_id, ids=ids)
        run = dataclasses.replace(run, order=order, paid=paid)
        advanced = [pk for pk in advanced if _guarded(_still_wanted, key_order_id=pk, run=run)]
        if advanced:
            for delivery in queue_for_order(order_id=order_id):
                lease.renew_all(key_order_ids=advanced, lease_token=token)
                send(delivery_id=delivery.pk)
        for pk in advanced:
            _guarded(_finish, key_order_id=pk, run=run)
        return len(ids)
    finally:
        lease.give_back(lease_token=token, key_order_ids=ids)


def _read(*, order_id: uuid.UUID, ids: list[int]) -> tuple[frozenset[int], OrderSnapshot | None]:
    """Which of the key orders are known as paid, and then the order.

    In this order: a payment that arrives in between must not look like a refund.
    """
    paid = KeyOrder.objects.filter(pk__in=ids, paid_at__isnull=False)
    return frozenset(paid.values_list("pk", flat=True)), host_orders.read_order(order_id)


def _guarded(step, *, key_order_id: int, run: _Run) -> bool:  # type: ignore[no-untyped-def]
    """Run a step of one line so that its failure does not stop the others.

    Returns whether the line may go on. An unforeseen error is retried with back-off, then FAILED.
    """
    try:
        return bool(step(key_order_id=key_order_id, run=run))
    except LeaseLost:
        logger.info("Key order %s is owned by another worker now.", key_order_id)
    except Exception as error:
        log_failure(logger, f"Key order {key_order_id} met something unforeseen", error)
        moves.retry_or_fail(
            key_order_id=key_order_id,
            lease_token=run.token,
            reason=Reason.BUG,
            detail=type(error).__name__,
        )
    return False


def _load(key_order_id: int) -> KeyOrder:
    rows = KeyOrder.objects.select_related("key_product").prefetch_related("units")
    return rows.get(pk=key_order_id)


def _decide(key_order: KeyOrder, run: _Run) -> Decision:
    return decide(
        key_order=key_order,
        order=run.order,
        was_paid=key_order.pk in run.paid,
        config=run.config,
        now=timezone.now(),
    )


def _advance(*, key_order_id: int, run: _Run) -> bool:
    """Bring one line as far as its keys; True if a message may follow."""
    key_order = _load(key_order_id)
    status = KeyOrderStatus(key_order.status)
    if status in (KeyOrderStatus.CANCELED, KeyOrderStatus.REFUNDED):
        resolve_leftover(key_order_id=key_order_id, lease_token=run.token)
        return False
    if run.order is not None and run.order.is_charged:
        transitions.mark_paid(key_order_id=key_order_id, lease_token=run.token)
        key_order.paid_at = key_order.paid_at or timezone.now()
    if status in (KeyOrderStatus.FULFILLED, KeyOrderStatus.DELIVERED):
        # A supplier may have made more of our request than one order.
        resolve_open(key_order_id=key_order_id, lease_token=run.token)
        return True
    decision = _decide(key_order, run)
    if status == KeyOrderStatus.FAILED and not _may_leave_failed(key_order, decision):
        transitions.set_next_run(key_order_id=key_order_id, lease_token=run.token, next_run_at=None)
        return False
    match decision:
        case CallOff():
            _call_off(key_order, decision, run)
            return False
        case NotYet():
            _not_yet(key_order, decision, run)
            return False
        case Hold():
            hold(key_order=key_order, reason=decision.reason, lease_token=run.token)
            return True
        case Proceed():
            obtain_and_move(key_order=key_order, lease_token=run.token)
            return True


def _may_leave_failed(key_order: KeyOrder, decision: Decision) -> bool:
    """Given up, with an alert: whatever event comes by, only staff take it up again.

    Or a key that came into stock, where no supplier could be had.
    """
    if isinstance(decision, Proceed) and key_order.reason == Reason.SUPPLIER_ERROR:
        return has_stock_for(key_order=key_order)
    return isinstance(decision, CallOff)


def _still_wanted(*, key_order_id: int, run: _Run) -> bool:
    """Whether what is there may go out: only what takes the sale back still stops it."""
    key_order = _load(key_order_id)
    if key_order.status not in (KeyOrderStatus.FULFILLED, KeyOrderStatus.WAITING):
        return True
    decision = _decide(key_order, run)
    if isinstance(decision, CallOff):
        _call_off(key_order, decision, run)
        return False
    if isinstance(decision, Hold) and decision.reason in _KEPT_BACK:
        moves.keep_back(key_order=key_order, reason=decision.reason, lease_token=run.token)
        return False
    return True


def _call_off(key_order: KeyOrder, decision: CallOff, run: _Run) -> None:
    call_off(
        key_order_id=key_order.pk,
        to=decision.to,
        reason=decision.reason,
        lease_token=run.token,
    )
    resolve_leftover(key_order_id=key_order.pk, lease_token=run.token)


def _not_yet(key_order: KeyOrder, decision: NotYet, run: _Run) -> None:
    """PENDING stays, what was parked stays parked; looked at seldom, in case no event comes."""
    if decision.reason == Reason.NOT_RELEASED and decision.until is not None:
        unreleased.wait(key_order=key_order, until=decision.until, lease_token=run.token)
        return
    until = decision.until or timezone.now() + dt.timedelta(seconds=_LOOK_AGAIN) + backoff(1)
    transitions.move(
        key_order_id=key_order.pk,
        to=KeyOrderStatus(key_order.status),
        reason=decision.reason,
        next_run_at=until,
        lease_token=run.token,
    )


def _finish(*, key_order_id: int, run: _Run) -> bool:
    """After the message: units delivered, Saleor's line fulfilled, and when to look again."""
    settle.settle(key_order_id=key_order_id, lease_token=run.token)
    try:
        settle.fulfil_in_host(key_order_id=key_order_id, lease_token=run.token)
    except host_orders.CannotFulfil as error:
        moves.give_up_fulfilling(
            key_order_id=key_order_id, detail=str(error), lease_token=run.token
        )
        return False
    transitions.resolve(key_order_id=key_order_id, kind=AlertKind.FULFILMENT_FAILED)
    moves.schedule_rest(key_order_id=key_order_id, lease_token=run.token)
    return True
