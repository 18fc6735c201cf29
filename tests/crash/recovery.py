"""What the sweeper makes of what dead workers left behind, hours later."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone
from saleor.order.models import Order

from saleor_cdkeys import sweeper, tasks
from saleor_cdkeys.models import Delivery, KeyOrder, Purchase
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import DeliveryStatus

_LATER = dt.timedelta(hours=12)


def let_time_pass() -> None:
    """Leases run out, what was put off is due, and nothing is fresh any more."""
    for model, fields in (
        (KeyOrder, ("next_run_at", "lease_expires_at")),
        (Delivery, ("next_run_at", "lease_expires_at")),
        (Purchase, ("next_check_at", "sent_at")),
    ):
        for field in fields:
            model.objects.filter(**{f"{field}__isnull": False}).update(**{field: F(field) - _LATER})
    Order.objects.update(updated_at=timezone.now() - dt.timedelta(minutes=5))


def recover(*, rounds: int = 8) -> None:
    """Let sweepers do what they find, until nothing is left to do or so many rounds are over."""
    for _round in range(rounds):
        let_time_pass()
        sweeper.sweep(
            run=lambda order_id: run_order(order_id=order_id), send=tasks.deliver, limit=100_000
        )
        undone = KeyOrder.objects.filter(next_run_at__isnull=False)
        unsent = Delivery.objects.filter(status=DeliveryStatus.QUEUED)
        if not undone.exists() and not unsent.exists():
            return
