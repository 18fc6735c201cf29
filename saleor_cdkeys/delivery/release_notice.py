"""Telling customers when the keys of something that is not released yet will come.

A message without keys and without a link. Every date is told once; one that moved is told again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from saleor_cdkeys import lease, timeline
from saleor_cdkeys.delivery.claim import lock_owned
from saleor_cdkeys.delivery.contents import KEPT_BACK
from saleor_cdkeys.models import Delivery, KeyOrder
from saleor_cdkeys.statuses import (
    DeliveryKind,
    DeliveryStatus,
    EventType,
    KeyOrderStatus,
    UnitStatus,
)

#: Key orders whose customers still wait for keys.
_WAITING = (KeyOrderStatus.PENDING, KeyOrderStatus.PROCESSING, KeyOrderStatus.WAITING)


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """What a message tells: of ``count`` keys, on a day that ``is_moved`` from one told before."""

    product_name: str
    count: int
    release_on: dt.date | None
    is_moved: bool


def queue_notice(
    *, key_order_id: int, lease_token: uuid.UUID, release_on: dt.date | None
) -> Delivery | None:
    """Queue a message to the customer of a key order, unless that day was told already.

    None where nothing has to be told, or there is no address. Raises LeaseLost.
    """
    with transaction.atomic():
        key_order = lease.lock_owned(key_order_id=key_order_id, lease_token=lease_token)
        is_told = key_order.release_told_at is not None
        recipient = key_order.email.strip()
        if not recipient or (is_told and release_on in (None, key_order.release_told_for)):
            return None
        key_order.release_told_at = timezone.now()
        key_order.release_told_for = release_on
        key_order.save(update_fields=["release_told_at", "release_told_for", "updated_at"])
        delivery = Delivery.objects.create(
            order_id=key_order.order_id,
            order_number=key_order.order_number,
            channel_id=key_order.channel_id,
            channel_slug=key_order.channel_slug,
            language_code=key_order.language_code,
            recipient=recipient,
            kind=DeliveryKind.RELEASE,
            release_of=key_order,
            release_on=release_on,
        )
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.DELIVERY_QUEUED,
            message=recipient,
            data={
                "delivery": str(delivery.uid),
                "kind": DeliveryKind.RELEASE.value,
                "release_on": None if release_on is None else release_on.isoformat(),
            },
        )
    return delivery


def read_notice(*, delivery: Delivery) -> Notice | None:
    """What is to be told at this moment; None where it is not true or not wanted any more.

    Raises LeaseLost where another worker has the message.
    """
    with transaction.atomic():
        row = lock_owned(delivery=delivery)
        key_orders = KeyOrder.objects.select_related("key_product")
        key_order = key_orders.get(release_notices=row)
        earlier = Delivery.objects.filter(
            release_of=key_order, pk__lt=row.pk, status=DeliveryStatus.SENT
        )
        days = list(earlier.order_by("pk").values_list("release_on", flat=True))
        count = key_order.units.filter(status__in=(UnitStatus.OPEN, UnitStatus.FILLED)).count()
    is_outdated = row.release_on != key_order.release_told_for or (
        row.release_on is not None and row.release_on < timezone.localdate()
    )
    # A day that moved there and back before anybody was told of it is no news.
    is_known = bool(days) and days[-1] == row.release_on
    if is_outdated or is_known or not count or not _still_waits(key_order):
        return None
    return Notice(
        product_name=key_order.product_name,
        count=count,
        release_on=row.release_on,
        is_moved=any(days),
    )


def _still_waits(key_order: KeyOrder) -> bool:
    if key_order.reason in KEPT_BACK:
        return False
    if key_order.status in _WAITING:
        return True
    release_at = key_order.key_product.release_at
    has_to_wait = release_at is not None and release_at > timezone.now()
    return key_order.status == KeyOrderStatus.FULFILLED and has_to_wait
