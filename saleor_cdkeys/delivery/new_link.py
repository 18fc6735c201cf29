"""A new link for the customer who asks: only ever to the order's own address.

Whoever asks gets no answer: whether there is such a link or order, and to which address something
went, shows in the mailbox alone.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from saleor_cdkeys import timeline
from saleor_cdkeys.delivery import throttle
from saleor_cdkeys.delivery.contents import SHOWABLE
from saleor_cdkeys.delivery.links import LinkExpired, LinkUnknown, find_link
from saleor_cdkeys.models import Delivery, DeliveryItem, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import DeliveryKind, DeliveryStatus, EventType, KeyStatus, UnitStatus


def request_by_token(*, token: str, ip: str | None) -> None:
    """Send a new link for the keys of a private page, live or expired. Raises TooManyRequests."""
    throttle.hit_address(throttle.NEW_LINK_PER_ADDRESS, ip=ip)
    throttle.hit(throttle.NEW_LINK_PER_SUBJECT, subject=f"token:{token}")
    try:
        link = find_link(token=token)
    except LinkUnknown:
        return
    except LinkExpired as expired:
        link = expired.link
    _queue(Q(delivery_items__delivery_id=link.delivery_id))


def request_by_order(*, order_number: str, email: str, ip: str | None) -> None:
    """Send a new link for all keys of an order, if it has that number and that e-mail address.

    Raises TooManyRequests.
    """
    order_number, email = order_number.strip().lstrip("#"), email.strip()
    throttle.hit_address(throttle.NEW_LINK_PER_ADDRESS, ip=ip)
    throttle.hit(throttle.NEW_LINK_PER_SUBJECT, subject=f"order:{order_number}:{email.casefold()}")
    _queue(Q(key_order__order_number=order_number, key_order__email__iexact=email))


@transaction.atomic
def _queue(which: Q) -> None:
    """One message per Saleor order, with those of the units that were announced before."""
    announced = Q(status=UnitStatus.DELIVERED) | Q(delivery_items__isnull=False)
    found = KeyUnit.objects.filter(
        which, announced, status__in=SHOWABLE, keys__status=KeyStatus.ASSIGNED
    ).values("pk")
    units = KeyUnit.objects.filter(pk__in=found).select_related("key_order")
    by_order: dict[object, list[KeyUnit]] = {}
    for unit in units.order_by("key_order_id", "number"):
        if unit.key_order.email.strip():
            by_order.setdefault(unit.key_order.order_id, []).append(unit)
    for order_units in by_order.values():
        if not _is_waiting(order_units) and _may_have_another(order_units):
            _create(order_units)


def _may_have_another(units: list[KeyUnit]) -> bool:
    """Whether the owner's mailbox may get one more. Who asks is not told: it tells of the order."""
    try:
        throttle.hit(throttle.NEW_LINK_PER_ORDER, subject=str(units[0].key_order.order_id))
    except throttle.TooManyRequests:
        return False
    return True


def _is_waiting(units: list[KeyUnit]) -> bool:
    """Whether a message with one of the keys to the same address waits for the mail server."""
    waiting = DeliveryItem.objects.filter(
        unit__in=units,
        delivery__status=DeliveryStatus.QUEUED,
        delivery__recipient__iexact=units[0].key_order.email.strip(),
    )
    return waiting.exists()


def _create(units: list[KeyUnit]) -> None:
    first: KeyOrder = units[0].key_order
    delivery = Delivery.objects.create(
        order_id=first.order_id,
        order_number=first.order_number,
        channel_id=first.channel_id,
        channel_slug=first.channel_slug,
        language_code=first.language_code,
        recipient=first.email.strip(),
        kind=DeliveryKind.NEW_LINK,
    )
    DeliveryItem.objects.bulk_create(DeliveryItem(delivery=delivery, unit=unit) for unit in units)
    for key_order_id in sorted({unit.key_order_id for unit in units}):
        numbers = [unit.number for unit in units if unit.key_order_id == key_order_id]
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.DELIVERY_QUEUED,
            message=delivery.recipient,
            data={
                "delivery": str(delivery.uid),
                "units": numbers,
                "kind": DeliveryKind.NEW_LINK.value,
            },
        )
