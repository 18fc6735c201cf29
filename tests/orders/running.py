"""What happens to an order between two runs, and how it stands after them."""

from __future__ import annotations

from django.utils import timezone

from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.values import Actor
from tests.factories.cdkeys import key_orders

STAFF = Actor(user_id=7)


def due(order) -> None:
    KeyOrder.objects.filter(order_id=order.pk).update(next_run_at=timezone.now())


def set_order(order, **fields) -> None:
    type(order).objects.filter(pk=order.pk).update(**fields)
    due(order)


def statuses(order) -> list[tuple[str, str]]:
    return [(row.status, row.reason) for row in key_orders(order)]
