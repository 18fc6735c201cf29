"""What is to be done with a key order now, read from the Saleor order itself. Pure.

Hooks come twice, early, in another order or never; so no hook says what to do, the order does.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, Reason, Source
from saleor_cdkeys.values import OrderSnapshot


@dataclasses.dataclass(frozen=True, slots=True)
class Proceed:
    """Obtain and deliver."""


@dataclasses.dataclass(frozen=True, slots=True)
class NotYet:
    """Not due. ``until`` is when it will be; None: some event will tell, look now and then."""

    reason: Reason
    until: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Hold:
    """A person must decide."""

    reason: Reason


@dataclasses.dataclass(frozen=True, slots=True)
class CallOff:
    """The customer gets nothing more."""

    to: KeyOrderStatus
    reason: Reason


Decision = Proceed | NotYet | Hold | CallOff


def decide(
    *,
    key_order: KeyOrder,
    order: OrderSnapshot | None,
    was_paid: bool,
    config: ChannelConfig,
    now: dt.datetime,
) -> Decision:
    """The first rule that speaks decides; ``key_order.key_product`` must be loaded.

    ``was_paid``: it was known as paid before ``order`` was read. What became known only afterwards
    says nothing about a refund: the payment may simply be younger than the snapshot.
    """
    if order is None:
        return Hold(Reason.ORDER_MISSING)
    return (
        _called_off(order, was_paid)
        or _not_payable(order, was_paid)
        or _closed(key_order, order)
        or _held(key_order, order, config)
        or _unreleased(key_order, now)
        or _delayed(key_order, config, now)
        or Proceed()
    )


def _called_off(order: OrderSnapshot, was_paid: bool) -> Decision | None:
    if order.status == "expired":
        return CallOff(KeyOrderStatus.CANCELED, Reason.ORDER_EXPIRED)
    if order.is_called_off:
        return CallOff(KeyOrderStatus.CANCELED, Reason.ORDER_CANCELED)
    if was_paid and order.is_refunded:
        return CallOff(KeyOrderStatus.REFUNDED, Reason.ORDER_REFUNDED)
    return None


def _not_payable(order: OrderSnapshot, was_paid: bool) -> Decision | None:
    if not order.is_charged:
        if was_paid:
            return Hold(Reason.PAYMENT_REVERSED)
        return NotYet(Reason.NOT_PAID)
    if order.status in ("draft", "unconfirmed"):
        return NotYet(Reason.NOT_CONFIRMED)
    return None


def _closed(key_order: KeyOrder, order: OrderSnapshot) -> Decision | None:
    """Somebody fulfilled or returned the line in Saleor before its keys were obtained."""
    if key_order.released_by_staff or key_order.status == KeyOrderStatus.PROCESSING:
        return None
    line = next((line for line in order.lines if line.id == key_order.order_line_id), None)
    done = line is None or line.quantity_fulfilled >= line.quantity
    # Units that we delivered and fulfilled ourselves do not close the rest.
    if not order.is_open or (done and not _some_delivered(key_order)):
        return Hold(Reason.ORDER_CLOSED)
    return None


def _some_delivered(key_order: KeyOrder) -> bool:
    return any(unit.delivered_at for unit in key_order.units.all())


def _held(key_order: KeyOrder, order: OrderSnapshot, config: ChannelConfig) -> Decision | None:
    if key_order.reason == Reason.HELD_BY_STAFF and not key_order.released_by_staff:
        return Hold(Reason.HELD_BY_STAFF)
    if not key_order.key_product.is_active:
        return Hold(Reason.PRODUCT_INACTIVE)
    if key_order.key_product.source == Source.MANUAL:
        return Hold(Reason.MANUAL_PRODUCT)
    if key_order.released_by_staff or key_order.status == KeyOrderStatus.PROCESSING:
        return None
    if not config.auto_processing:
        return Hold(Reason.AUTO_PROCESSING_OFF)
    if config.hold_above_amount is not None and order.total.amount > config.hold_above_amount:
        return Hold(Reason.ABOVE_AMOUNT)
    if config.hold_above_quantity is not None and key_order.quantity > config.hold_above_quantity:
        return Hold(Reason.ABOVE_QUANTITY)
    return None


def _unreleased(key_order: KeyOrder, now: dt.datetime) -> Decision | None:
    """Also for what staff released by hand: nothing leaves before the moment that was agreed."""
    until = key_order.key_product.release_at
    return NotYet(Reason.NOT_RELEASED, until) if until is not None and until > now else None


def _delayed(key_order: KeyOrder, config: ChannelConfig, now: dt.datetime) -> Decision | None:
    if key_order.released_by_staff or key_order.status != KeyOrderStatus.PENDING:
        return None
    until = (key_order.paid_at or now) + dt.timedelta(seconds=config.process_delay)
    return NotYet(Reason.DELAY, until) if until > now else None
