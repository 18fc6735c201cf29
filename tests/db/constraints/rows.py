"""Rows with everything that they must have, and no code above the database in between."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from saleor_cdkeys.models import Delivery, Key, KeyOrder, KeyProduct, KeyUnit, Purchase, Supplier
from saleor_cdkeys.statuses import KeyStatus

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def make_product(variant_id=1, **fields) -> KeyProduct:
    return KeyProduct.objects.create(variant_id=variant_id, **fields)


def make_key_order(product=None, *, units=2, **fields) -> KeyOrder:
    product = product or make_product()
    key_order = KeyOrder.objects.create(
        **{
            "order_line_id": uuid.uuid4(),
            "order_id": uuid.uuid4(),
            "order_number": "1",
            "channel_id": 1,
            "channel_slug": "shop",
            "key_product": product,
            "variant_id": product.variant_id,
            "product_name": "Game",
            "quantity": units,
            "unit_price_amount": Decimal(20),
            "currency": "EUR",
            **fields,
        }
    )
    for number in range(1, units + 1):
        KeyUnit.objects.create(key_order=key_order, number=number)
    return key_order


def make_key(product, *, code="1", **fields) -> Key:
    return Key.objects.create(
        key_product=product,
        kind="text",
        sealed=b"sealed",
        **{"fingerprint": code.encode().ljust(32), **fields},
    )


def make_assigned(unit, *, code="1", **fields) -> Key:
    product = unit.key_order.key_product
    return make_key(product, code=code, unit=unit, status=KeyStatus.ASSIGNED, **fields)


def make_purchase(key_order, **fields) -> Purchase:
    supplier, _created = Supplier.objects.get_or_create(name="S", adapter="sandbox")
    return Purchase.objects.create(
        key_order=key_order,
        supplier=supplier,
        supplier_product_id="P1",
        **{
            "quantity": 1,
            "unit_price_amount": Decimal(5),
            "max_unit_price_amount": Decimal(5),
            "currency": "EUR",
            **fields,
        },
    )


def make_delivery(**fields) -> Delivery:
    return Delivery.objects.create(
        order_id=uuid.uuid4(), order_number="1", channel_id=1, channel_slug="shop", **fields
    )
