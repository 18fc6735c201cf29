"""What must never be of key orders, their units and purchases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from saleor_cdkeys.models import KeyUnit, Purchase
from saleor_cdkeys.statuses import PurchaseStatus
from tests.db.constraints.rows import make_key_order, make_purchase


def second_unit_of_a_number() -> None:
    KeyUnit.objects.create(key_order=make_key_order(units=1), number=1)


def second_key_order_of_an_order_line() -> None:
    first = make_key_order()
    make_key_order(first.key_product, order_line_id=first.order_line_id)


def second_open_purchase(first: PurchaseStatus, second: PurchaseStatus) -> Callable[[], None]:
    def write() -> None:
        key_order = make_key_order()
        make_purchase(key_order, status=first)
        make_purchase(key_order, status=second)

    return write


def reopened_purchase() -> None:
    key_order = make_key_order()
    closed = make_purchase(key_order, status=PurchaseStatus.REFUSED)
    make_purchase(key_order)
    Purchase.objects.filter(pk=closed.pk).update(status=PurchaseStatus.UNKNOWN)


def second_purchase_with_a_reference() -> None:
    first = make_purchase(make_key_order())
    make_purchase(make_key_order(first.key_order.key_product), reference=first.reference)


def price_above_the_guard() -> None:
    make_purchase(make_key_order(), unit_price_amount=Decimal("5.0001"))


def purchase_of_nothing() -> None:
    make_purchase(make_key_order(), quantity=0)


def key_order_of_nothing() -> None:
    make_key_order(units=0)


OPEN = (PurchaseStatus.CREATED, PurchaseStatus.UNKNOWN, PurchaseStatus.ACCEPTED)
NEVER: list[tuple[Callable[[], None], str]] = [
    (second_unit_of_a_number, "cdkeys_unit_number_once"),
    (second_key_order_of_an_order_line, "KeyOrder.order_line_id"),
    *((second_open_purchase(a, b), "cdkeys_purchase_one_open") for a in OPEN for b in OPEN),
    (reopened_purchase, "cdkeys_purchase_one_open"),
    (second_purchase_with_a_reference, "Purchase.reference"),
    (price_above_the_guard, "cdkeys_purchase_within_guard"),
    (purchase_of_nothing, "cdkeys_purchase_quantity_positive"),
    (key_order_of_nothing, "cdkeys_order_quantity_positive"),
]
