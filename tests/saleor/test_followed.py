"""What customers see in Saleor's storefront API of a product whose price and stock follow."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from saleor_cdkeys import sweeper
from saleor_cdkeys.acquisition import tending
from saleor_cdkeys.models import KeyProduct, SupplierMapping
from tests.factories import make_variant
from tests.factories.cdkeys import add_keys, make_mapping, make_supplier, run
from tests.saleor.api import global_id

pytestmark = pytest.mark.real_saleor

VARIANT = """
query($id: ID!, $channel: String!) {
  productVariant(id: $id, channel: $channel) {
    quantityAvailable
    pricing { price { gross { amount currency } } }
  }
}
"""


@pytest.fixture
def variant(shop):
    return make_variant(sku="game", channel=shop.channel, price=Decimal("20.00"), stock=0)


@pytest.fixture
def product(variant):
    """Sold at a fifth of margin, ending in .99; the supplier asks 5.00 and has 3."""
    product = KeyProduct.objects.create(
        variant_id=variant.pk,
        sku="game",
        name="Game",
        follows_stock=True,
        price_rule="margin_percent",
        price_value=20,
        price_ending=Decimal("0.99"),
    )
    make_mapping(product, make_supplier())
    supplier_says("5.00", 3)
    return product


def supplier_says(price, available):
    SupplierMapping.objects.update(
        price_amount=Decimal(price),
        price_currency="EUR",
        available=available,
        seen_at=timezone.now(),
        refresh_at=timezone.now() + dt.timedelta(days=1),
    )


def tend():
    """What a worker does now and then."""
    sweeper.sweep(run=lambda _id: None, send=lambda _id: None)
    tending.tend()


def seen(shop, variant):
    """Quantity and price as anybody reads them, without a token."""
    body = {
        "query": VARIANT,
        "variables": {"id": global_id(variant), "channel": shop.channel.slug},
    }
    answer = Client().post("/graphql/", body, content_type="application/json").json()
    assert "errors" not in answer, answer["errors"]
    found = answer["data"]["productVariant"]
    gross = found["pricing"]["price"]["gross"]
    return found["quantityAvailable"], gross["amount"], gross["currency"]


def test_price_and_stock_follow_the_supplier(shop, variant, product):
    assert seen(shop, variant) == (0, 20.0, "EUR")

    tend()
    assert seen(shop, variant) == (3, 6.99, "EUR")
    supplier_says("9.10", 7)
    tend()
    assert seen(shop, variant) == (7, 11.99, "EUR")
    supplier_says("9.10", 0)
    tend()

    assert seen(shop, variant) == (0, 11.99, "EUR")


def test_an_order_takes_its_keys_off_what_others_see(shop, variant, product):
    add_keys(product, count=2)
    tend()
    assert seen(shop, variant)[0] == 5

    checkout = shop.checkout((product, 2))
    shop.pay(checkout, "13.98")
    order = shop.complete(checkout)

    assert seen(shop, variant)[0] == 3
    tend()
    assert seen(shop, variant)[0] == 3
    run(order)
    tend()
    assert seen(shop, variant)[0] == 3
    order.refresh_from_db()
    assert order.status == "fulfilled"


def test_nobody_can_buy_what_cannot_be_had(shop, variant, product):
    supplier_says("5.00", 1)
    tend()

    with pytest.raises(AssertionError, match="INSUFFICIENT_STOCK"):
        shop.checkout((product, 2))


def test_saleors_promotions_stand_on_the_new_price(shop, variant, product):
    from saleor.product.tasks import recalculate_discounted_price_for_products_task

    tend()
    recalculate_discounted_price_for_products_task()

    assert seen(shop, variant) == (3, 6.99, "EUR")
    listing = variant.product.channel_listings.get()
    assert (listing.discounted_price_amount, listing.discounted_price_dirty) == (
        Decimal("6.99"),
        False,
    )
