"""What must hold for an order in the end, whatever happened on its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, Sum

from saleor_cdkeys.models import Alert, Delivery, Key, KeyOrder, KeyOrderEvent, Purchase
from saleor_cdkeys.statuses import (
    OPEN_PURCHASES,
    DeliveryStatus,
    EventType,
    KeyOrderStatus,
    KeyStatus,
    UnitStatus,
)
from tests.concurrency.mail_server import MailServer


def broken(order: Any, *, mails: MailServer, repeated_mails: int = 0) -> list[str]:
    """What is wrong with an order that was to be delivered in full; nothing, if all is well.

    ``repeated_mails``: how many messages may have been sent twice, because a worker died after
    the mail server had taken one and before that was written down.
    """
    key_orders = list(KeyOrder.objects.filter(order_id=order.pk).order_by("pk"))
    found = [] if key_orders else ["nothing was recorded"]
    for key_order in key_orders:
        found += [f"{key_order.product_name}: {text}" for text in _of_key_order(key_order)]
        found += [f"{key_order.product_name}: {text}" for text in _of_line(order, key_order)]
    found += _of_messages(order, mails, repeated_mails)
    return found


def _of_key_order(key_order: KeyOrder) -> Iterator[str]:
    if key_order.status != KeyOrderStatus.DELIVERED:
        yield f"is {key_order.status} ({key_order.reason} {key_order.detail})"
    if key_order.next_run_at is not None:
        yield "is still to be looked at"
    live = Count("keys", filter=Q(keys__status=KeyStatus.ASSIGNED))
    units = list(key_order.units.annotate(live=live).order_by("number"))
    if [unit.number for unit in units] != list(range(1, key_order.quantity + 1)):
        yield f"has the units {[unit.number for unit in units]}"
    for unit in units:
        if unit.status != UnitStatus.DELIVERED or unit.host_fulfilled_at is None:
            yield f"unit {unit.number} is {unit.status}"
        if unit.live != 1:
            yield f"unit {unit.number} has {unit.live} live keys"
    if key_order.purchases.filter(status__in=OPEN_PURCHASES).exists():
        yield "has an open purchase"
    if Alert.objects.filter(key_order=key_order, resolved_at__isnull=True).exists():
        yield "has an open alert"
    events = KeyOrderEvent.objects.filter(key_order=key_order)
    if events.filter(type=EventType.RECEIVED).count() != 1:
        yield "was not received once"
    if events.filter(type=EventType.MOVED, to_status=KeyOrderStatus.DELIVERED).count() != 1:
        yield "did not become delivered once"


def _of_line(order: Any, key_order: KeyOrder) -> Iterator[str]:
    line = order.lines.get(pk=key_order.order_line_id)
    fulfilled = line.fulfillment_lines.aggregate(total=Sum("quantity"))["total"]
    if (line.quantity_fulfilled, fulfilled) != (line.quantity, line.quantity):
        yield f"{line.quantity_fulfilled} and {fulfilled} of {line.quantity} fulfilled in Saleor"


def _of_messages(order: Any, mails: MailServer, repeated_mails: int) -> Iterator[str]:
    deliveries = Delivery.objects.filter(order_id=order.pk)
    statuses = Counter(deliveries.values_list("status", flat=True))
    if set(statuses) != {DeliveryStatus.SENT}:
        yield f"messages: {dict(statuses)}"
    received = len(mails.to(order.user_email))
    if not deliveries.count() <= received <= deliveries.count() + repeated_mails:
        yield f"{received} mails for {deliveries.count()} messages"


def census() -> dict[str, int]:
    """How many keys there are, by status: none is lost, none appears."""
    return dict(Key.objects.values_list("status").annotate(count=Count("pk")).order_by())


def bought(order: Any) -> list[str]:
    """The references of an order's purchases that brought keys."""
    purchases = Purchase.objects.filter(key_order__order_id=order.pk, keys__isnull=False)
    return [
        str(reference) for reference in purchases.values_list("reference", flat=True).distinct()
    ]
