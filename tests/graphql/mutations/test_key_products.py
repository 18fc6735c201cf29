"""Key products over GraphQL."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.models import KeyOrder, KeyProduct
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.factories import make_variant
from tests.factories.cdkeys import add_keys, buy, make_key_product, make_mapping, make_supplier
from tests.graphql.client import global_id
from tests.graphql.mutations.documents import PRODUCT_CREATE, PRODUCT_DELETE, PRODUCT_UPDATE

SETTINGS = {
    "isActive": False,
    "source": "SUPPLIERS",
    "supplierChoice": "CHEAPEST",
    "deliveryMode": "AS_AVAILABLE",
    "maxUnitCost": {"amount": "12.34", "currency": "EUR"},
    "minMarginPercent": "10.25",
    "minMarginAmount": "0.5",
    "instructions": "Redeem on the site.",
}


@pytest.fixture
def variant(channel):
    return make_variant(sku="GAME-1", name="Starfall", channel=channel)


def test_a_variant_becomes_a_key_product(mutate, variant):
    payload = mutate(
        PRODUCT_CREATE, input={"variant": global_id("ProductVariant", variant.pk), **SETTINGS}
    )

    row = KeyProduct.objects.get()
    assert payload == {
        "cdKeyProduct": {
            "id": global_id("CdKeyProduct", row.pk),
            "name": "Starfall",
            "sku": "GAME-1",
            "isActive": False,
            "source": "SUPPLIERS",
            "supplierChoice": "CHEAPEST",
            "deliveryMode": "AS_AVAILABLE",
            "maxUnitCost": {"amount": 12.34, "currency": "EUR"},
            "minMarginPercent": 10.25,
            "minMarginAmount": 0.5,
            "instructions": "Redeem on the site.",
            "mappings": [],
        },
        "errors": [],
    }
    assert (row.variant_id, row.is_active, row.source) == (variant.pk, False, "suppliers")
    assert row.supplier_choice == "cheapest"
    assert (row.max_unit_cost_amount, row.max_unit_cost_currency) == (Decimal("12.34"), "EUR")
    assert (row.min_margin_percent, row.min_margin_amount) == (Decimal("10.25"), Decimal("0.5"))


def test_the_defaults_are_those_of_the_model(mutate, variant):
    mutate(PRODUCT_CREATE, input={"variant": global_id("ProductVariant", variant.pk)})

    row = KeyProduct.objects.get()
    assert (row.is_active, row.source, row.supplier_choice, row.delivery_mode) == (
        True,
        "stock_then_suppliers",
        "in_order",
        "together",
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"variant": global_id("ProductVariant", 0)}, [("variant", "not_found")]),
        ({"variant": global_id("ProductVariant", "x")}, [("variant", "graphql_error")]),
        ({"variant": global_id("ProductVariant", 2**31)}, [("variant", "graphql_error")]),
        ({"variant": global_id("Product", 1)}, [("variant", "graphql_error")]),
        ({"variant": "nonsense"}, [("variant", "graphql_error")]),
        (
            {
                "maxUnitCost": {"amount": "1", "currency": "euro"},
                "minMarginPercent": "100",
                "minMarginAmount": "0.00001",
                "instructions": "x" * 10_001,
            },
            [
                ("maxUnitCost", "invalid"),
                ("minMarginAmount", "invalid"),
                ("minMarginPercent", "invalid"),
                ("instructions", "invalid"),
            ],
        ),
    ],
)
def test_what_cannot_be_used_is_refused(refused, variant, given, expected):
    given = {"variant": global_id("ProductVariant", variant.pk)} | given

    assert refused(PRODUCT_CREATE, input=given) == [(f, c.upper()) for f, c in expected]


def test_a_variant_is_a_key_product_once(mutate, refused, variant):
    given = {"variant": global_id("ProductVariant", variant.pk)}
    mutate(PRODUCT_CREATE, input=given)

    assert refused(PRODUCT_CREATE, input=given) == [("variant", "UNIQUE")]


def test_what_is_named_changes_and_null_takes_away(mutate, channel):
    product = make_key_product(
        channel=channel,
        max_unit_cost_amount=5,
        max_unit_cost_currency="EUR",
        instructions="as it was",
    )
    buy(channel=channel, lines=[(product, 1)])
    KeyOrder.objects.update(
        status=KeyOrderStatus.WAITING, reason=Reason.PRICE_ABOVE_GUARD, next_run_at=None
    )

    payload = mutate(
        PRODUCT_UPDATE,
        id=global_id("CdKeyProduct", product.pk),
        input={"source": "STOCK", "maxUnitCost": None},
    )

    product.refresh_from_db()
    assert payload["cdKeyProduct"]["maxUnitCost"] is None
    assert (product.source, product.max_unit_cost_amount) == ("stock", None)
    assert product.instructions == "as it was"
    assert KeyOrder.objects.get().next_run_at is not None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"isActive": None}, "isActive"),
        ({"source": None}, "source"),
        ({"supplierChoice": None}, "supplierChoice"),
        ({"deliveryMode": None}, "deliveryMode"),
    ],
)
def test_what_must_be_something_cannot_be_nothing(refused, channel, given, field):
    product = make_key_product(channel=channel)

    errors = refused(PRODUCT_UPDATE, id=global_id("CdKeyProduct", product.pk), input=given)

    assert errors == [(field, "INVALID")]


def test_an_unused_key_product_is_deleted_once(mutate, refused, channel):
    product = make_key_product(channel=channel)
    make_mapping(product, make_supplier())
    id = global_id("CdKeyProduct", product.pk)

    assert mutate(PRODUCT_DELETE, id=id) == {"cdKeyProduct": {"id": id}, "errors": []}

    assert not KeyProduct.objects.exists()
    assert refused(PRODUCT_DELETE, id=id) == [("id", "NOT_FOUND")]
    assert refused(PRODUCT_UPDATE, id=id, input={}) == [("id", "NOT_FOUND")]


def test_a_used_key_product_stays(refused, channel):
    product = make_key_product(channel=channel)
    add_keys(product, count=1)

    assert refused(PRODUCT_DELETE, id=global_id("CdKeyProduct", product.pk)) == [("id", "IN_USE")]
