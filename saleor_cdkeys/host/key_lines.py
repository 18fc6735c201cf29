"""The order lines that are sold as keys: what the hooks look up."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from saleor.order import OrderChargeStatus, OrderStatus
from saleor.order.models import Order, OrderLine

from saleor_cdkeys.models import KeyOrder, KeyProduct
from saleor_cdkeys.statuses import KeyOrderStatus

_CHARGED = (OrderChargeStatus.FULL, OrderChargeStatus.OVERCHARGED)
_CALLED_OFF = (OrderStatus.CANCELED, OrderStatus.EXPIRED)
_OPEN = (OrderStatus.UNFULFILLED, OrderStatus.PARTIALLY_FULFILLED)

# What a key line is made of. Orders and users are wide rows, and this is read in the checkout.
_COLUMNS = (
    "created_at",
    "currency",
    "product_name",
    "product_sku",
    "quantity",
    "translated_product_name",
    "translated_variant_name",
    "unit_price_gross_amount",
    "variant_id",
    "variant_name",
    "order__channel__slug",
    "order__charge_status",
    "order__language_code",
    "order__number",
    "order__status",
    "order__user__email",
    "order__user_email",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A place in Saleor's orders by their last update."""

    updated_at: dt.datetime
    order_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True)
class KeyLine:
    """An order line of a key product, with what a key order keeps of it and of its order."""

    order_line_id: uuid.UUID
    order_id: uuid.UUID
    order_number: str
    channel_id: int
    channel_slug: str
    key_product_id: int
    variant_id: int
    product_name: str
    sku: str
    user_id: int | None
    email: str
    language_code: str
    quantity: int
    unit_price_amount: Decimal
    currency: str
    is_charged: bool
    is_due: bool


def key_lines_of(order_ids: Iterable[uuid.UUID]) -> list[KeyLine]:
    """The key lines of these orders; one query, whatever they hold."""
    return _read(OrderLine.objects.filter(order_id__in=list(order_ids)))


def charged_open_orders(*, after: Place, until: dt.datetime, limit: int) -> list[Place]:
    """Charged orders that may be fulfilled, by their last update: the page after a place."""
    rows = (
        Order.objects.filter(updated_at__gte=after.updated_at, updated_at__lte=until)
        # Not by OR, which would keep the database from starting at the place in its index.
        .exclude(updated_at=after.updated_at, pk__lte=after.order_id)
        .filter(charge_status__in=_CHARGED, status__in=_OPEN)
        .order_by("updated_at", "pk")
    )
    return [Place(*row) for row in rows.values_list("updated_at", "pk")[:limit]]


def lost_key_lines(*, order_ids: Iterable[uuid.UUID], now: dt.datetime) -> list[KeyLine]:
    """Unfulfilled key lines of these charged, open orders of which the plugin does not know.

    Either without a key order, or with one that still waits for a payment that has come.
    """
    known = KeyOrder.objects.filter(order_line_id=OuterRef("pk"))
    asleep = known.filter(status=KeyOrderStatus.PENDING, paid_at__isnull=True).filter(
        Q(next_run_at__gt=now) | Q(next_run_at__isnull=True)
    )
    lines = OrderLine.objects.filter(
        order_id__in=list(order_ids), quantity_fulfilled__lt=F("quantity")
    )
    return _read(lines.filter(~Exists(known) | Exists(asleep)))


def _read(lines: QuerySet[OrderLine]) -> list[KeyLine]:
    product = KeyProduct.objects.filter(variant_id=OuterRef("variant_id"))
    rows = (
        lines.filter(variant_id__in=KeyProduct.objects.values("variant_id"), quantity__gte=1)
        # What was sold and done before the variant became a key product is nobody's business here.
        .exclude(
            Exists(product.filter(created_at__gt=OuterRef("order__created_at"))),
            quantity_fulfilled__gte=F("quantity"),
        )
        .annotate(key_product_id=Subquery(product.values("pk")[:1]))
        .select_related("order__channel", "order__user")
        .only(*_COLUMNS)
        .order_by("order_id", "created_at", "pk")
    )
    return [_key_line(line) for line in rows]


def _key_line(line: Any) -> KeyLine:
    order = line.order
    product = line.translated_product_name or line.product_name
    variant = line.translated_variant_name or line.variant_name
    is_charged = order.charge_status in _CHARGED
    return KeyLine(
        order_line_id=line.pk,
        order_id=order.pk,
        order_number=str(order.number),
        channel_id=order.channel_id,
        channel_slug=order.channel.slug,
        key_product_id=line.key_product_id,
        variant_id=line.variant_id,
        product_name=" · ".join(part for part in (product, variant) if part),
        sku=line.product_sku or "",
        user_id=order.user_id,
        email=order.get_customer_email() or "",
        language_code=order.language_code,
        quantity=line.quantity,
        unit_price_amount=line.unit_price_gross_amount,
        currency=line.currency,
        is_charged=is_charged,
        # Called off counts as due: what is under way must be stopped.
        is_due=order.status in _CALLED_OFF or (is_charged and order.status in _OPEN),
    )
