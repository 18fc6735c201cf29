"""What follows from a message that was sent: units delivered, the line fulfilled in Saleor.

Each step reads what is true from the tables and does what is missing, so it may run again after a
crash anywhere between them.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from saleor_cdkeys import timeline
from saleor_cdkeys.host import orders as host_orders
from saleor_cdkeys.models import DeliveryItem, KeyUnit
from saleor_cdkeys.orders import transitions
from saleor_cdkeys.statuses import DeliveryStatus, EventType, KeyOrderStatus, UnitStatus


def settle(*, key_order_id: int, lease_token: uuid.UUID) -> None:
    """Mark the units delivered whose message was sent, and the key order if those are all."""
    with transaction.atomic():
        key_order = transitions.lock(key_order_id=key_order_id, lease_token=lease_token)
        sent = DeliveryItem.objects.filter(
            unit__key_order_id=key_order_id,
            unit__status=UnitStatus.FILLED,
            delivery__status=DeliveryStatus.SENT,
        )
        for unit_id, sent_at in sent.values_list("unit_id", "delivery__sent_at"):
            KeyUnit.objects.filter(pk=unit_id, status=UnitStatus.FILLED).update(
                status=UnitStatus.DELIVERED, delivered_at=sent_at or timezone.now()
            )
        undelivered = key_order.units.exclude(status=UnitStatus.DELIVERED).exists()
        if key_order.status == KeyOrderStatus.FULFILLED and not undelivered:
            transitions.move(
                key_order_id=key_order_id,
                to=KeyOrderStatus.DELIVERED,
                next_run_at=timezone.now(),
                lease_token=lease_token,
            )


def fulfil_in_host(*, key_order_id: int, lease_token: uuid.UUID) -> None:
    """Fulfil Saleor's line for the units that were delivered, once, in one transaction with ours.

    Raises host.orders.CannotFulfil where the order's status forbids it.
    """
    with transaction.atomic():
        key_order = transitions.lock(key_order_id=key_order_id, lease_token=lease_token)
        delivered = key_order.units.filter(
            status=UnitStatus.DELIVERED, host_fulfilled_at__isnull=True
        )
        count = delivered.count()
        if count == 0:
            return
        done = host_orders.fulfil_lines(
            order_id=key_order.order_id, quantities={key_order.order_line_id: count}
        )
        delivered.update(host_fulfilled_at=timezone.now())
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.FULFILLED_IN_SALEOR,
            data={"delivered": count, "fulfilled": done.get(key_order.order_line_id, 0)},
        )


def is_settled(*, key_order_id: int) -> bool:
    """Whether nothing is left to do for the delivered units."""
    return not KeyUnit.objects.filter(
        key_order_id=key_order_id,
        status=UnitStatus.DELIVERED,
        host_fulfilled_at__isnull=True,
    ).exists()
