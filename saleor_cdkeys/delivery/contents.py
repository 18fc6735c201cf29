"""What a delivery is about: the frozen picture that the mail and the page are drawn from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from saleor_cdkeys.models import Delivery, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import KeyStatus, Reason, UnitStatus

#: Units whose key the customer may have. The others were called off, or wait for a key.
SHOWABLE = (UnitStatus.FILLED, UnitStatus.DELIVERED)
#: Reasons for which keys that are there do not leave now; a person decides, or the order changes.
KEPT_BACK = (Reason.PAYMENT_REVERSED, Reason.ORDER_MISSING, Reason.HELD_BY_STAFF)
_CALLED_OFF = (UnitStatus.CANCELED, UnitStatus.REFUNDED)


@dataclasses.dataclass(frozen=True, slots=True)
class UnitPart:
    """One key of a delivery. ``number`` counts from 1 among the ``quantity`` of its product."""

    unit_id: int
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class ProductPart:
    """One key order's share of a delivery.

    ``units`` are in this delivery and showable; ``elsewhere`` of its keys were announced in another
    message, ``to_come`` are still to be sent, ``called_off`` were refunded or canceled.
    """

    key_order_id: int
    product_name: str
    instructions: str
    quantity: int
    units: tuple[UnitPart, ...]
    elsewhere: int
    to_come: int
    called_off: int

    @property
    def is_complete(self) -> bool:
        """Whether every key of the line is in this delivery."""
        return len(self.units) == self.quantity


def _part(key_order: KeyOrder, *, in_delivery: set[int], announced: set[int]) -> ProductPart:
    units = list(key_order.units.all())
    showable = [unit for unit in units if unit.status in SHOWABLE]
    here = [unit for unit in showable if unit.pk in in_delivery]
    elsewhere = sum(
        unit.pk not in in_delivery and (unit.pk in announced or unit.status == UnitStatus.DELIVERED)
        for unit in showable
    )
    called_off = sum(unit.status in _CALLED_OFF for unit in units)
    return ProductPart(
        key_order_id=key_order.pk,
        product_name=key_order.product_name,
        instructions=key_order.key_product.instructions,
        quantity=key_order.quantity,
        units=tuple(UnitPart(unit_id=unit.pk, number=unit.number) for unit in here),
        elsewhere=elsewhere,
        to_come=len(units) - len(here) - elsewhere - called_off,
        called_off=called_off,
    )


def read_parts(*, delivery_id: int) -> tuple[ProductPart, ...]:
    """The products of a delivery as they stand now, in the order in which they were bought.

    A product stays in the picture when all its keys were called off, with no units, so that the
    page can say so.
    """
    in_delivery = set(
        KeyUnit.objects.filter(delivery_items__delivery_id=delivery_id).values_list("pk", flat=True)
    )
    key_orders = (
        KeyOrder.objects.filter(units__in=in_delivery)
        .select_related("key_product")
        .prefetch_related("units")
        .distinct()
        .order_by("pk")
    )
    announced = set(
        KeyUnit.objects.filter(key_order__in=key_orders, delivery_items__isnull=False).values_list(
            "pk", flat=True
        )
    )
    return tuple(
        _part(key_order, in_delivery=in_delivery, announced=announced) for key_order in key_orders
    )


def unit_ids(parts: Iterable[ProductPart]) -> list[int]:
    """The showable units of these parts."""
    return [unit.unit_id for part in parts for unit in part.units]


def key_order_ids(*, delivery_id: int) -> tuple[int, ...]:
    """The key orders whose timeline tells of this delivery."""
    notice_of = Delivery.objects.values_list("release_of_id", flat=True).get(pk=delivery_id)
    if notice_of is not None:
        return (notice_of,)
    ids = KeyOrder.objects.filter(units__delivery_items__delivery_id=delivery_id)
    return tuple(ids.distinct().order_by("pk").values_list("pk", flat=True))


def live_units(*, key_order_id: int) -> list[KeyUnit]:
    """The units of a key order that hold a live key the customer may have, by number."""
    return list(
        KeyUnit.objects.filter(
            key_order_id=key_order_id, status__in=SHOWABLE, keys__status=KeyStatus.ASSIGNED
        ).order_by("number")
    )


def is_redirected(*, delivery: Delivery, order_email: str) -> bool:
    """Whether a delivery goes to another address than the order's own."""
    return bool(order_email) and delivery.recipient.casefold() != order_email.casefold()
