"""Key products: what may be set, what is refused, and who is woken by a change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from saleor.product.models import ProductVariant

from saleor_cdkeys.acquisition import products
from saleor_cdkeys.errors import InvalidInput, InvalidValues
from saleor_cdkeys.models import KeyOrder, KeyProduct, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from saleor_cdkeys.values import Money
from tests.factories import make_variant
from tests.factories.cdkeys import add_keys, buy, make_key_product, make_mapping, make_supplier

ALL = {
    "is_active": False,
    "source": "suppliers",
    "delivery_mode": "as_available",
    "max_unit_cost": Money(Decimal("12.5"), "EUR"),
    "min_margin_percent": Decimal("10.25"),
    "min_margin_amount": Decimal("0.0001"),
    "instructions": " Redeem on the site. ",
}


@pytest.fixture
def variant(channel):
    return make_variant(sku="GAME-1", name="Starfall", channel=channel)


def _refusal(call, **arguments):
    with pytest.raises(InvalidInput) as refused:
        call(**arguments)
    return refused.value.field, refused.value.code


def test_a_variant_is_sold_as_keys_with_the_defaults_of_the_model(variant):
    products.create(variant_id=variant.pk, values={})

    row = KeyProduct.objects.get()
    assert (row.variant_id, row.name, row.sku) == (variant.pk, "Starfall", "GAME-1")
    assert (row.is_active, row.source, row.delivery_mode) == (
        True,
        "stock_then_suppliers",
        "together",
    )
    assert (row.max_unit_cost_amount, row.max_unit_cost_currency) == (None, "")
    assert (row.min_margin_percent, row.min_margin_amount, row.instructions) == (None, None, "")


def test_every_setting_is_kept(variant):
    products.create(variant_id=variant.pk, values=ALL)

    row = KeyProduct.objects.get()
    assert (row.is_active, row.source, row.delivery_mode) == (False, "suppliers", "as_available")
    assert (row.max_unit_cost_amount, row.max_unit_cost_currency) == (Decimal("12.5"), "EUR")
    assert (row.min_margin_percent, row.min_margin_amount) == (
        Decimal("10.25"),
        Decimal("0.0001"),
    )
    assert row.instructions == "Redeem on the site."


def test_a_variant_is_a_key_product_once(variant):
    products.create(variant_id=variant.pk, values=ALL)

    assert _refusal(products.create, variant_id=variant.pk, values={}) == ("variant", "unique")
    assert KeyProduct.objects.get().source == "suppliers"


def test_a_variant_that_saleor_does_not_have_is_refused(db):
    assert _refusal(products.create, variant_id=1, values={}) == ("variant", "not_found")
    assert not KeyProduct.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "somewhere"),
        ("source", None),
        ("delivery_mode", "never"),
        ("is_active", None),
        ("max_unit_cost", Money(Decimal(-1), "EUR")),
        ("max_unit_cost", Money(Decimal("0.00001"), "EUR")),
        ("max_unit_cost", Money(Decimal(10) ** 16, "EUR")),
        ("max_unit_cost", Money(Decimal("NaN"), "EUR")),
        ("max_unit_cost", Money(Decimal(1), "euro")),
        ("min_margin_amount", Decimal(-1)),
        ("min_margin_percent", Decimal(100)),
        ("min_margin_percent", Decimal("-0.01")),
        ("min_margin_percent", Decimal("1.005")),
        ("instructions", "x" * 10_001),
    ],
)
def test_what_cannot_be_used_is_refused(variant, field, value):
    row = products.create(variant_id=variant.pk, values={"instructions": "as it was"})

    with pytest.raises(InvalidValues) as refused:
        products.update(
            key_product_id=row.pk,
            values={"instructions": "changed", "source": "stock"} | {field: value},
        )

    assert list(refused.value.problems) == [field]
    row.refresh_from_db()
    assert (row.instructions, row.source) == ("as it was", "stock_then_suppliers")


def test_what_is_not_named_stays_and_what_is_empty_goes(variant):
    row = products.create(variant_id=variant.pk, values=ALL)

    products.update(key_product_id=row.pk, values={"is_active": True})
    row.refresh_from_db()
    assert (row.is_active, row.max_unit_cost_currency) == (True, "EUR")
    products.update(
        key_product_id=row.pk,
        values={"max_unit_cost": None, "min_margin_percent": None, "instructions": None},
    )

    row.refresh_from_db()
    assert (row.max_unit_cost_amount, row.max_unit_cost_currency) == (None, "")
    assert (row.min_margin_percent, row.instructions) == (None, "")
    assert row.min_margin_amount == Decimal("0.0001")


def test_the_names_are_read_anew(variant):
    row = products.create(variant_id=variant.pk, values={})
    ProductVariant.objects.filter(pk=variant.pk).update(sku="GAME-2", name="Gold")

    products.update(key_product_id=row.pk, values={})

    row.refresh_from_db()
    assert (row.name, row.sku) == ("Starfall · Gold", "GAME-2")


def test_nobody_changes_what_is_not_there(db):
    assert _refusal(products.update, key_product_id=1, values={}) == ("id", "not_found")
    assert _refusal(products.delete, key_product_id=1) == ("id", "not_found")


@pytest.mark.parametrize(
    "reason", [Reason.PRICE_ABOVE_GUARD, Reason.MANUAL_PRODUCT, Reason.PRODUCT_INACTIVE]
)
def test_who_waited_for_the_settings_is_looked_at_again(channel, reason):
    product = make_key_product(channel=channel)
    order = buy(channel=channel, lines=[(product, 1)])
    KeyOrder.objects.update(status=KeyOrderStatus.WAITING, reason=reason, next_run_at=None)

    products.update(key_product_id=product.pk, values={"source": "stock"})

    assert KeyOrder.objects.get(order_id=order.pk).next_run_at is not None


def test_an_unused_key_product_goes_with_its_mappings(channel):
    product = make_key_product(channel=channel)
    make_mapping(product, make_supplier())

    products.delete(key_product_id=product.pk)

    assert not KeyProduct.objects.exists()
    assert not SupplierMapping.objects.exists()


@pytest.mark.parametrize("used", ["key", "order"])
def test_a_used_key_product_stays_whole(channel, used):
    product = make_key_product(channel=channel)
    make_mapping(product, make_supplier())
    if used == "key":
        add_keys(product, count=1)
    else:
        buy(channel=channel, lines=[(product, 1)])

    assert _refusal(products.delete, key_product_id=product.pk) == ("id", "in_use")
    assert KeyProduct.objects.count() == SupplierMapping.objects.count() == 1
