"""Many rows of a sort, written straight into the plugin's own tables."""

from __future__ import annotations

import itertools
import uuid
from decimal import Decimal
from typing import Any

from saleor_cdkeys.models import KeyOrder, KeyProduct, KeyUnit

_numbers = itertools.count(1)


def make_product(**fields: Any) -> KeyProduct:
    number = next(_numbers)
    defaults = {"variant_id": 1_000_000 + number, "sku": f"SKU-{number}", "name": f"Game {number}"}
    return KeyProduct.objects.create(**(defaults | fields))


def make_key_order(product: KeyProduct, *, units: int = 1, **fields: Any) -> KeyOrder:
    """A key order; ``units`` of its units are made, all open."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "order_line_id": uuid.uuid4(),
        "order_id": uuid.uuid4(),
        "order_number": str(number),
        "channel_id": 1,
        "channel_slug": "shop-eur",
        "variant_id": product.variant_id,
        "product_name": f"Game {number}",
        "quantity": max(units, 1),
        "unit_price_amount": Decimal(20),
        "currency": "EUR",
    }
    key_order = KeyOrder.objects.create(key_product=product, **(defaults | fields))
    KeyUnit.objects.bulk_create(
        KeyUnit(key_order=key_order, number=number) for number in range(1, units + 1)
    )
    return key_order
