"""Saleor orders: reading one, fulfilling its lines, leaving a note."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from saleor.core.exceptions import InsufficientStock
from saleor.order import OrderStatus
from saleor.order.actions import create_fulfillments
from saleor.order.events import order_note_added_event
from saleor.order.lock_objects import (
    order_lines_qs_select_for_update,
    order_qs_select_for_update,
)
from saleor.order.models import Order, OrderLine
from saleor.plugins.manager import get_plugins_manager
from saleor.warehouse.models import Allocation, Stock

from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.values import LineSnapshot, Money, OrderSnapshot, OrderStanding

_OPEN = (OrderStatus.UNFULFILLED, OrderStatus.PARTIALLY_FULFILLED)


class CannotFulfil(CdKeysError):
    """Saleor does not let the line be fulfilled; the text says why, in words for staff."""

    code = "cannot_fulfil"


def read_order(order_id: uuid.UUID) -> OrderSnapshot | None:
    """The order as it is now, or None if it is gone."""
    order = (
        Order.objects.select_related("channel", "user", "billing_address")
        .prefetch_related("lines")
        .filter(pk=order_id)
        .first()
    )
    return None if order is None else _snapshot(order)


def read_standing(order_id: uuid.UUID) -> OrderStanding | None:
    """How the order stands now, by one small query, or None if it is gone."""
    row = Order.objects.filter(pk=order_id).values_list("status", "charge_status").first()
    return None if row is None else OrderStanding(status=row[0], charge_status=row[1])


def read_country(order_id: uuid.UUID) -> str:
    """The customer's country (ISO 3166-1), likewise; empty where it is not known.

    That of the billing address, or where there is none of the shipping address.
    """
    orders = Order.objects.select_related("billing_address", "shipping_address").only(
        "billing_address",
        "billing_address__country",
        "shipping_address",
        "shipping_address__country",
    )
    order = orders.filter(pk=order_id).first()
    if order is None:
        return ""
    return _country(order.billing_address) or _country(order.shipping_address)


def owners_of(*, order_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The users whose the orders are; an order without one, or that is gone, is left out."""
    rows = Order.objects.filter(pk__in=order_ids, user_id__isnull=False)
    return dict(rows.values_list("pk", "user_id"))


def _snapshot(order: Any) -> OrderSnapshot:
    address = order.billing_address
    name = f"{address.first_name} {address.last_name}".strip() if address else ""
    if not name and order.user:
        name = order.user.get_full_name()
    return OrderSnapshot(
        id=order.pk,
        number=str(order.number),
        status=order.status,
        charge_status=order.charge_status,
        channel_id=order.channel_id,
        channel_slug=order.channel.slug,
        user_id=order.user_id,
        email=order.get_customer_email() or "",
        customer_name=name,
        language_code=order.language_code,
        country=_country(address),
        total=Money(order.total_gross_amount, order.currency),
        created_at=order.created_at,
        lines=tuple(_line(line) for line in order.lines.all()),
    )


def _country(address: Any) -> str:
    return str(address.country.code) if address else ""


def _line(line: Any) -> LineSnapshot:
    return LineSnapshot(
        id=line.pk,
        variant_id=line.variant_id,
        product_name=line.translated_product_name or line.product_name,
        variant_name=line.translated_variant_name or line.variant_name,
        sku=line.product_sku or "",
        quantity=line.quantity,
        quantity_fulfilled=line.quantity_fulfilled,
        unit_price=Money(line.unit_price_gross_amount, line.currency),
    )


def fulfil_lines(
    *, order_id: uuid.UUID, quantities: Mapping[uuid.UUID, int]
) -> dict[uuid.UUID, int]:
    """Fulfil so many of each line, without Saleor's own mail; returns how many of each were done.

    What somebody else fulfilled already counts as done by them. Call it inside a transaction, with
    what records the deed: the order and its lines are locked and read anew here, because Saleor
    writes the quantities of the objects it is given. Raises CannotFulfil.
    """
    order = order_qs_select_for_update().filter(pk=order_id).first()
    if order is None:
        raise CannotFulfil("The order is gone from Saleor.")
    lines = list(order_lines_qs_select_for_update().filter(order_id=order_id, pk__in=quantities))
    wanted = {line.pk: min(quantities[line.pk], line.quantity_unfulfilled) for line in lines}
    wanted = {pk: quantity for pk, quantity in wanted.items() if quantity > 0}
    if not wanted:
        return dict.fromkeys(quantities, 0)
    if order.status not in _OPEN:
        raise CannotFulfil(
            f"The keys were delivered, but the order is {order.status} in Saleor, so its line "
            "cannot be fulfilled. Set the order right in Saleor."
        )
    _create(order, [line for line in lines if line.pk in wanted], wanted)
    return {pk: wanted.get(pk, 0) for pk in quantities}


def _create(order: Any, lines: list[Any], quantities: Mapping[uuid.UUID, int]) -> None:
    by_warehouse: dict[Any, list[Any]] = {}
    for line in lines:
        entry = {"order_line": line, "quantity": quantities[line.pk]}
        by_warehouse.setdefault(_warehouse_of(line, order.channel_id), []).append(entry)
    try:
        create_fulfillments(
            None,
            None,
            order,
            by_warehouse,
            get_plugins_manager(allow_replica=False),
            _site_settings(),
            notify_customer=False,
            # Keys of suppliers are sold without stock records, or with more than were counted.
            allow_stock_to_be_exceeded=True,
        )
    except (InsufficientStock, ValidationError) as error:
        raise CannotFulfil(
            f"The keys were delivered, but Saleor refuses to fulfil the line "
            f"({type(error).__name__}). Fulfil it by hand in Saleor."
        ) from None


def _site_settings() -> Any:
    site: Any = Site.objects.get_current()
    return site.settings


def _warehouse_of(line: OrderLine, channel_id: int) -> Any:
    """The warehouse the line's stock is taken from: its allocation's, else any of the channel."""
    allocation = (
        Allocation.objects.filter(order_line=line, quantity_allocated__gt=0)
        .order_by("pk")
        .values_list("stock__warehouse_id", flat=True)
        .first()
    )
    if allocation is not None:
        return allocation
    return (
        Stock.objects.filter(product_variant_id=line.variant_id, warehouse__channels=channel_id)
        .order_by("pk")
        .values_list("warehouse_id", flat=True)
        .first()
    )


def add_note(*, order_id: uuid.UUID, message: str) -> None:
    """A note in the order's own timeline, by nobody. It must hold no code."""
    order = Order.objects.filter(pk=order_id).first()
    if order is not None:
        order_note_added_event(order=order, user=None, app=None, message=message)
