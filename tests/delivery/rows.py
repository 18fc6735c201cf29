"""Key orders with keys, written straight into the plugin's own tables."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from decimal import Decimal

from saleor_cdkeys import vault
from saleor_cdkeys.models import Key, KeyOrder, KeyProduct, KeyUnit
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, UnitStatus
from saleor_cdkeys.values import KeyCode

CUSTOMER = "jamie.fox@example.com"
CHANNEL_ID = 7
_numbers = itertools.count(1000)

#: The bytes of the smallest GIF there is.
GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")


def make_key(*, product: KeyProduct, code: KeyCode, unit: KeyUnit | None = None) -> Key:
    """A sealed key, assigned if it has a unit and for sale otherwise."""
    key = Key(
        key_product=product,
        kind=code.kind,
        unit=unit,
        status=KeyStatus.ASSIGNED if unit else KeyStatus.AVAILABLE,
        fingerprint=vault.fingerprint(code),
        hint=code.hint,
    )
    key.sealed = vault.seal_code(code, uid=key.uid)
    key.save()
    return key


def make_line(
    *codes: KeyCode | str,
    quantity: int | None = None,
    order_id: uuid.UUID | None = None,
    order_number: str = "",
    status: str = "",
    email: str = CUSTOMER,
    language: str = "en",
    name: str = "Starfall Odyssey",
    instructions: str = "",
    delivery_mode: str = "together",
    user_id: int | None = None,
) -> KeyOrder:
    """One key order whose first units hold these codes; FULFILLED if those are all."""
    quantity = quantity or len(codes)
    number = next(_numbers)
    product = KeyProduct.objects.create(
        variant_id=number, name=name, instructions=instructions, delivery_mode=delivery_mode
    )
    complete = len(codes) == quantity
    key_order = KeyOrder.objects.create(
        order_line_id=uuid.uuid4(),
        order_id=order_id or uuid.uuid4(),
        order_number=order_number or str(number),
        channel_id=CHANNEL_ID,
        channel_slug="shop-eur",
        key_product=product,
        variant_id=product.variant_id,
        product_name=name,
        email=email,
        language_code=language,
        quantity=quantity,
        unit_price_amount=Decimal(20),
        currency="EUR",
        user_id=user_id,
        status=status or (KeyOrderStatus.FULFILLED if complete else KeyOrderStatus.WAITING),
    )
    for number in range(1, quantity + 1):
        unit = KeyUnit.objects.create(key_order=key_order, number=number)
        if number <= len(codes):
            fill(unit, codes[number - 1])
    return key_order


def fill(unit: KeyUnit, code: KeyCode | str) -> Key:
    """Give a unit its key, as allocation would."""
    unit.status = UnitStatus.FILLED
    unit.save()
    value = KeyCode.of_text(code) if isinstance(code, str) else code
    return make_key(product=unit.key_order.key_product, code=value, unit=unit)


def units_of(key_orders: Sequence[KeyOrder]) -> list[KeyUnit]:
    return list(KeyUnit.objects.filter(key_order__in=key_orders).order_by("key_order_id", "number"))
