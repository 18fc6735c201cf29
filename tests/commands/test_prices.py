"""`cdkeys_prices`: what would change in the shop, and changing it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from saleor.product.models import ProductVariantChannelListing
from saleor.warehouse.models import Stock

from saleor_cdkeys.models import ShopChange
from tests.commands.calling import call
from tests.factories import make_warehouse
from tests.factories.cdkeys import make_key_product
from tests.shop.conftest import offer


@pytest.fixture
def product(channel):
    """Costs 20.00 and is not in stock; the supplier asks 5.00 and has 3."""
    make_warehouse(channel)
    product = make_key_product(
        channel=channel,
        sku="GAME-1",
        price="20.00",
        follows_stock=True,
        price_rule="margin_percent",
        price_value=20,
    )
    offer(product, "Alpha", "5.00", 3)
    return product


def price():
    return ProductVariantChannelListing.objects.get().price_amount


def test_a_preview_shows_what_would_change_and_changes_nothing(product):
    said = call("cdkeys_prices", "--preview")

    assert "GAME-1 shop-eur 20 EUR 6.25 EUR Alpha asks 5 EUR." in said.text
    assert "GAME-1 stock 0 3 0 in stock, 3 at suppliers, 0 owed to orders." in said.text
    assert said.text.endswith("2 changes are due.")
    assert (said.code, price()) == (0, 20)
    assert not Stock.objects.exists()
    assert not ShopChange.objects.exists()


def test_applying_makes_the_changes_once(product):
    said = call("cdkeys_prices", "--apply")

    assert "GAME-1 shop-eur 20 EUR 6.25 EUR" in said.text
    assert said.text.endswith("2 changes made.")
    assert (price(), Stock.objects.get().quantity) == (Decimal("6.25"), 3)
    again = call("cdkeys_prices", "--apply")
    assert "GAME-1 shop-eur 6.25 EUR = Alpha asks 5 EUR." in again.text
    assert again.text.endswith("0 changes made.")
    assert ShopChange.objects.count() == 2


def test_products_can_be_named(product, channel):
    other = make_key_product(
        channel=channel, sku="GAME-2", price_rule="fixed", price_value=9, price_currency="EUR"
    )

    said = call("cdkeys_prices", "--apply", "--sku", "GAME-2")

    assert "GAME-1" not in said.text
    assert said.text.endswith("1 changes made.")
    assert ShopChange.objects.get().key_product_id == other.pk


def test_what_does_not_follow_is_refused_and_nothing_is_done(product, channel):
    make_key_product(channel=channel, sku="GAME-2")

    said = call("cdkeys_prices", "--apply", "--sku", "GAME-1", "--sku", "GAME-2", "--sku", "GAME-3")

    assert (said.code, said.err) == (1, "Nothing follows of: GAME-2, GAME-3.")
    assert not ShopChange.objects.exists()


def test_a_stock_without_a_warehouse_is_shown(product, channel):
    channel.warehouses.clear()
    assert "GAME-1 stock – = No warehouse can have it." in call("cdkeys_prices", "--preview").text


def test_an_empty_shop_has_nothing_to_change(db):
    assert call("cdkeys_prices", "--preview").text == "0 changes are due."
