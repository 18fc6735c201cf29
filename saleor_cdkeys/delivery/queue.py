"""Turning obtained keys into a message that is due."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from saleor_cdkeys import alerts, timeline
from saleor_cdkeys.delivery.contents import KEPT_BACK
from saleor_cdkeys.models import Delivery, DeliveryItem, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import (
    AlertKind,
    DeliveryMode,
    EventType,
    KeyOrderStatus,
    KeyStatus,
    UnitStatus,
)

#: Key orders whose keys may go out now: complete, or delivered key by key, not kept back, and of a
#: product that is released.
_READY = (
    Q(status=KeyOrderStatus.FULFILLED)
    | Q(
        status__in=(KeyOrderStatus.WAITING, KeyOrderStatus.PROCESSING, KeyOrderStatus.FAILED),
        key_product__delivery_mode=DeliveryMode.AS_AVAILABLE,
    )
) & ~Q(reason__in=KEPT_BACK)
_RELEASED = Q(key_product__release_at__isnull=True) | Q(key_product__release_at__lte=Now())


def queue_for_order(*, order_id: uuid.UUID) -> list[Delivery]:
    """Queue one message with everything of a Saleor order that is ready and was never announced.

    Empty where nothing is ready, where somebody else queued it, and where the order has no e-mail
    address; the last raises an alert for each key order concerned.
    """
    try:
        with transaction.atomic():
            return _queue(order_id)
    except IntegrityError as error:
        # The constraint that a unit is announced once: another worker was faster.
        if "cdkeys_item_initial_once" not in str(error):
            raise
        return []


def _queue(order_id: uuid.UUID) -> list[Delivery]:
    # Locks in the order key order, then unit, as everywhere; no_key lets foreign keys be checked.
    locked = KeyOrder.objects.select_for_update(no_key=True, of=("self",))
    key_orders = {
        row.pk: row for row in locked.filter(_READY, _RELEASED, order_id=order_id).order_by("pk")
    }
    units = _unannounced_units(list(key_orders))
    if not units:
        return []

    by_key_order: dict[int, list[KeyUnit]] = defaultdict(list)
    for unit in units:
        by_key_order[unit.key_order_id].append(unit)
    with_address = [pk for pk in by_key_order if key_orders[pk].email.strip()]
    for pk in by_key_order.keys() - set(with_address):
        _report_no_address(key_orders[pk])
    if not with_address:
        return []

    delivery = _create_delivery(key_orders[with_address[0]])
    DeliveryItem.objects.bulk_create(
        DeliveryItem(delivery=delivery, unit=unit, is_initial=True)
        for pk in with_address
        for unit in by_key_order[pk]
    )
    for pk in with_address:
        numbers = [unit.number for unit in by_key_order[pk]]
        timeline.record(
            key_order_id=pk,
            type=EventType.DELIVERY_QUEUED,
            message=f"{len(numbers)} of {key_orders[pk].quantity} to {delivery.recipient}",
            data={"delivery": str(delivery.uid), "units": numbers},
        )
    return [delivery]


def _unannounced_units(key_order_ids: list[int]) -> list[KeyUnit]:
    filled = list(
        KeyUnit.objects.select_for_update(no_key=True)
        .filter(key_order_id__in=key_order_ids, status=UnitStatus.FILLED)
        .order_by("key_order_id", "number")
    )
    # Asked in a statement of its own, after the wait for the locks, so that it sees what whoever
    # held them has committed.
    held = KeyUnit.objects.filter(pk__in=[unit.pk for unit in filled])
    announced = set(held.filter(delivery_items__is_initial=True).values_list("pk", flat=True))
    with_key = set(held.filter(keys__status=KeyStatus.ASSIGNED).values_list("pk", flat=True))
    return [unit for unit in filled if unit.pk in with_key and unit.pk not in announced]


def _create_delivery(key_order: KeyOrder) -> Delivery:
    return Delivery.objects.create(
        order_id=key_order.order_id,
        order_number=key_order.order_number,
        channel_id=key_order.channel_id,
        channel_slug=key_order.channel_slug,
        language_code=key_order.language_code,
        recipient=key_order.email.strip(),
    )


def _report_no_address(key_order: KeyOrder) -> None:
    alerts.raise_alert(
        kind=AlertKind.MAIL_FAILED,
        subject=f"key_order:{key_order.pk}",
        message=(
            f"Order {key_order.order_number} has no e-mail address, so its keys cannot be sent. "
            "Send them to an address with 'resend'."
        ),
        key_order_id=key_order.pk,
        channel_id=key_order.channel_id,
    )
