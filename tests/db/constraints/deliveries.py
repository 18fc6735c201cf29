"""What must never be of deliveries."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from saleor_cdkeys.models import DeliveryItem, DeliveryLink
from tests.db.constraints.rows import NOW, make_delivery, make_key_order


def unit_announced_twice() -> None:
    unit = make_key_order().units.get(number=1)
    for _number in range(2):
        DeliveryItem.objects.create(delivery=make_delivery(), unit=unit, is_initial=True)


def unit_twice_in_a_delivery() -> None:
    delivery, unit = make_delivery(), make_key_order().units.get(number=1)
    for _number in range(2):
        DeliveryItem.objects.create(delivery=delivery, unit=unit)


def second_link_with_a_token() -> None:
    for _number in range(2):
        DeliveryLink.objects.create(delivery=make_delivery(), token_hash=b"h" * 32, expires_at=NOW)


def second_delivery_with_a_uid() -> None:
    uid = uuid.uuid4()
    make_delivery(uid=uid)
    make_delivery(uid=uid)


NEVER: list[tuple[Callable[[], None], str]] = [
    (unit_announced_twice, "cdkeys_item_initial_once"),
    (unit_twice_in_a_delivery, "cdkeys_item_once"),
    (second_link_with_a_token, "DeliveryLink.token_hash"),
    (second_delivery_with_a_uid, "Delivery.uid"),
]
