"""Rows of the plugin's own, made as an installation would have them."""

from __future__ import annotations

import itertools
from decimal import Decimal

from saleor_cdkeys import vault
from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import Key, KeyOrder, KeyProduct, Supplier, SupplierMapping
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.values import KeyCode
from tests.factories.host import make_order, make_variant

_codes = itertools.count(1)


def make_key_product(*, channel, sku="game-1", price="20.00", stock=0, **fields) -> KeyProduct:
    """A key product on a new variant, with that many keys in stock."""
    variant = make_variant(sku=sku, name=f"Game {sku}", channel=channel, price=Decimal(price))
    product = KeyProduct.objects.create(
        variant_id=variant.pk, sku=sku, name=f"Game {sku}", **fields
    )
    add_keys(product, count=stock)
    return product


def add_keys(product: KeyProduct, *codes: str, count: int = 0) -> list[Key]:
    """Free keys in stock, with these codes or so many made-up ones."""
    texts = list(codes) + [f"TEST-{next(_codes):06d}-CODE" for _ in range(count)]
    keys = []
    for text in texts:
        code = KeyCode.of_text(text)
        key = Key(
            key_product=product,
            kind=code.kind,
            fingerprint=vault.fingerprint(code),
            hint=code.hint,
            cost_amount=Decimal("5"),
            cost_currency="EUR",
        )
        key.sealed = vault.seal_code(code, uid=key.uid)
        key.save()
        keys.append(key)
    return keys


def make_supplier(name="Sandbox", adapter="sandbox", **fields) -> Supplier:
    return Supplier.objects.create(name=name, adapter=adapter, **fields)


def make_mapping(product, supplier, supplier_product_id="P1", position=0) -> SupplierMapping:
    return SupplierMapping.objects.create(
        key_product=product,
        supplier=supplier,
        supplier_product_id=supplier_product_id,
        position=position,
    )


def place(*, channel, lines, **fields):
    """A Saleor order over (key product, quantity) pairs of which the plugin knows nothing yet."""
    from saleor.product.models import ProductVariant

    pairs = [
        (ProductVariant.objects.get(pk=product.variant_id), quantity) for product, quantity in lines
    ]
    return make_order(channel=channel, lines=pairs, **fields)


def buy(*, channel, lines, **fields):
    """A Saleor order over (key product, quantity) pairs, recorded as the hook would."""
    order = place(channel=channel, lines=lines, **fields)
    note_order(order.pk)
    return order


def key_orders(order) -> list[KeyOrder]:
    return list(KeyOrder.objects.filter(order_id=order.pk).order_by("id"))


def run(order) -> list[KeyOrder]:
    """Run the order's due key orders in this process, and give them back as they are then."""
    run_order(order_id=order.pk)
    return key_orders(order)
