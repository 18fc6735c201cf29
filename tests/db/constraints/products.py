"""What must never be of key products, their prices and mappings."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from saleor_cdkeys.models import Supplier, SupplierMapping
from tests.db.constraints.rows import make_product


def guard_without_currency() -> None:
    make_product(max_unit_cost_amount=Decimal(5))


def second_key_product_of_a_variant() -> None:
    make_product(1)
    make_product(1)


def same_mapping_twice() -> None:
    product, supplier = make_product(), Supplier.objects.create(name="S", adapter="sandbox")
    for position in range(2):
        SupplierMapping.objects.create(
            key_product=product, supplier=supplier, supplier_product_id="P1", position=position
        )


def price_rule_without_a_value() -> None:
    make_product(1, price_rule="margin_percent", price_value=20)
    make_product(2, price_rule="margin_percent")


def margin_in_no_currency() -> None:
    make_product(1, price_rule="margin_amount", price_value=1, price_currency="EUR")
    make_product(2, price_rule="margin_amount", price_value=1)


def floor_in_no_currency() -> None:
    make_product(1, price_rule="margin_percent", price_value=20)
    make_product(2, price_rule="margin_percent", price_value=20, price_floor_amount=1)


def floor_above_the_ceiling() -> None:
    for number, floor in enumerate((5, 6), start=1):
        make_product(number, price_currency="EUR", price_floor_amount=floor, price_ceiling_amount=5)


NEVER: list[tuple[Callable[[], None], str]] = [
    (guard_without_currency, "cdkeys_product_guard_has_currency"),
    (second_key_product_of_a_variant, "KeyProduct.variant_id"),
    (same_mapping_twice, "cdkeys_mapping_once"),
    (price_rule_without_a_value, "cdkeys_product_price_has_value"),
    (margin_in_no_currency, "cdkeys_product_price_has_currency"),
    (floor_in_no_currency, "cdkeys_product_price_has_currency"),
    (floor_above_the_ceiling, "cdkeys_product_floor_below_ceiling"),
]
