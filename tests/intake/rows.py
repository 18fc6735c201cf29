"""What the plugin wrote down about an order, in a form that compares."""

from __future__ import annotations

import dataclasses

from django.utils import timezone
from saleor.plugins.manager import get_plugins_manager

from saleor_cdkeys.models import KeyOrder


@dataclasses.dataclass(frozen=True)
class Row:
    sku: str
    status: str
    units: tuple[tuple[int, str], ...]
    events: tuple[str, ...]
    is_paid: bool
    is_due: bool


def rows_of(order) -> list[Row]:
    now = timezone.now()
    return [
        Row(
            sku=row.sku,
            status=row.status,
            units=tuple(row.units.values_list("number", "status")),
            events=tuple(row.events.values_list("type", flat=True)),
            is_paid=row.paid_at is not None,
            is_due=row.next_run_at is not None and row.next_run_at <= now,
        )
        for row in KeyOrder.objects.filter(order_id=order.pk).order_by("id")
    ]


def recorded(sku, quantity, *, is_paid=True, is_due=True) -> Row:
    """The row of a line that was announced and that nobody has worked on."""
    return Row(
        sku=sku,
        status="pending",
        units=tuple((number, "open") for number in range(1, quantity + 1)),
        events=("received",),
        is_paid=is_paid,
        is_due=is_due,
    )


def announce(order, *hooks) -> None:
    """Fire these hooks through Saleor's own manager, as one operation of Saleor's would."""
    manager = get_plugins_manager(allow_replica=False)
    for hook in hooks:
        if hook == "order_bulk_created":
            manager.order_bulk_created([order])
        else:
            getattr(manager, hook)(order)


def change(order, **fields) -> None:
    """Change the Saleor order without firing a hook."""
    type(order).objects.filter(pk=order.pk).update(**fields)
    order.refresh_from_db()
