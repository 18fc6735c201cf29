"""What must never be of keys."""

from __future__ import annotations

from collections.abc import Callable

from saleor_cdkeys.models import Key
from saleor_cdkeys.statuses import KeyStatus
from tests.db.constraints.rows import (
    NOW,
    make_assigned,
    make_key,
    make_key_order,
    make_product,
    make_purchase,
)


def second_live_key_of_a_unit() -> None:
    unit = make_key_order().units.get(number=1)
    make_assigned(unit, code="1")
    make_assigned(unit, code="2")


def second_live_key_of_a_unit_by_an_update() -> None:
    first, second = make_key_order().units.order_by("number")
    make_assigned(first, code="1")
    key = make_assigned(second, code="2")
    Key.objects.filter(pk=key.pk).update(unit=first)


def same_code_twice() -> None:
    product = make_product()
    make_key(product, code="1")
    make_key(product, code="1")


def same_code_twice_for_two_products() -> None:
    make_key(make_product(1), code="1")
    make_key(make_product(2), code="1")


def exposed_key_for_sale() -> None:
    make_key(make_product(), status=KeyStatus.AVAILABLE, exposed_at=NOW)


def exposed_key_back_for_sale() -> None:
    key = make_assigned(make_key_order().units.get(number=1), exposed_at=NOW)
    Key.objects.filter(pk=key.pk).update(status=KeyStatus.AVAILABLE, unit=None)


def key_for_sale_that_is_somebodys() -> None:
    unit = make_key_order().units.get(number=1)
    make_key(unit.key_order.key_product, unit=unit, status=KeyStatus.AVAILABLE)


def assigned_key_of_nobody() -> None:
    make_key(make_product(), status=KeyStatus.ASSIGNED)


def same_key_of_a_purchase_twice() -> None:
    key_order = make_key_order()
    purchase = make_purchase(key_order)
    for code in "12":
        make_key(key_order.key_product, code=code, purchase=purchase, supplier_key_id="K1")


NEVER: list[tuple[Callable[[], None], str]] = [
    (second_live_key_of_a_unit, "cdkeys_key_one_live_per_unit"),
    (second_live_key_of_a_unit_by_an_update, "cdkeys_key_one_live_per_unit"),
    (same_code_twice, "Key.fingerprint"),
    (same_code_twice_for_two_products, "Key.fingerprint"),
    (exposed_key_for_sale, "cdkeys_key_assigned_has_unit"),
    (exposed_key_back_for_sale, "cdkeys_key_assigned_has_unit"),
    (key_for_sale_that_is_somebodys, "cdkeys_key_assigned_has_unit"),
    (assigned_key_of_nobody, "cdkeys_key_assigned_has_unit"),
    (same_key_of_a_purchase_twice, "cdkeys_key_once_per_purchase"),
]
