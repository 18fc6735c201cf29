"""Price rules, what they would change in the shop, and what they changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone
from saleor.product.models import ProductVariantChannelListing

from saleor_cdkeys.acquisition.shop.sync import follow_in_shop
from saleor_cdkeys.models import KeyProduct
from saleor_cdkeys.statuses import PriceRule
from tests.factories import make_app, make_warehouse
from tests.factories.cdkeys import make_key_product
from tests.graphql.client import Api, global_id
from tests.graphql.scene import PRODUCTS
from tests.shop.conftest import offer, rate

D = Decimal

UPDATE = """
mutation($id: ID!, $input: CdKeyProductInput!) {
  cdKeyProductUpdate(id: $id, input: $input) {
    cdKeyProduct {
      followsStock
      priceRule { rule value currency ending floor ceiling }
    }
    errors { field code message }
  }
}
"""
PREVIEW = """
query($id: ID!) {
  cdKeyShopPreview(keyProduct: $id) {
    isChange
    prices {
      channel { slug }
      price { amount currency }
      newPrice { amount currency }
      isChange
      reason
      cost { amount currency }
      exchangeRate
    }
    stock {
      forSale
      isChange
      reason
      warehouses { warehouse quantity newQuantity promised }
    }
  }
}
"""
CHANGES = """
query($filter: CdKeyShopChangeFilterInput) {
  cdKeyShopChanges(filter: $filter, first: 5) {
    totalCount
    edges {
      node {
        keyProduct { sku }
        kind
        channel { slug }
        place
        oldValue
        newValue
        currency
        reason
        cost { amount currency }
        exchangeRate
        exchangeRateDate
      }
    }
  }
}
"""
RULE = {
    "rule": "MARGIN_PERCENT",
    "value": "20",
    "currency": "EUR",
    "ending": "0.99",
    "floor": "5",
    "ceiling": "50.5",
}


@pytest.fixture
def api(db):
    return Api(app=make_app([PRODUCTS]))


@pytest.fixture
def product(channel):
    make_warehouse(channel)
    product = make_key_product(channel=channel, price="20.00")
    offer(product, "Alpha", "5.00", 3, currency="USD")
    rate("1.25")
    return product


def update(api, product, **given):
    variables = {"id": global_id("CdKeyProduct", product.pk), "input": given}
    return api.data(UPDATE, variables)["cdKeyProductUpdate"]


def test_a_rule_is_set_and_taken_away(api, product):
    payload = update(api, product, followsStock=True, priceRule=RULE)

    assert payload == {
        "cdKeyProduct": {
            "followsStock": True,
            "priceRule": {
                "rule": "MARGIN_PERCENT",
                "value": 20.0,
                "currency": "EUR",
                "ending": 0.99,
                "floor": 5.0,
                "ceiling": 50.5,
            },
        },
        "errors": [],
    }
    row = KeyProduct.objects.get()
    assert (row.follows_stock, row.price_rule) == (True, PriceRule.MARGIN_PERCENT)
    assert (row.price_value, row.price_ending) == (20, D("0.99"))
    assert (row.price_floor_amount, row.price_ceiling_amount) == (5, D("50.5"))

    assert update(api, product, isActive=True)["cdKeyProduct"]["followsStock"] is True
    payload = update(api, product, priceRule=None)

    assert payload["cdKeyProduct"] == {"followsStock": True, "priceRule": None}
    row.refresh_from_db()
    assert (row.price_rule, row.price_value, row.price_currency) == ("none", None, "")


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"priceRule": {"rule": "FIXED"}}, "priceRule", "Enter the price or the margin."),
        (
            {"priceRule": {**RULE, "floor": "60"}},
            "priceRule",
            "The lowest price is above the highest.",
        ),
        ({"followsStock": None}, "followsStock", "Say yes or no."),
        (
            {"followsStock": True, "source": "MANUAL"},
            "followsStock",
            "Keys that staff type are not counted, so no stock can follow.",
        ),
    ],
)
def test_what_is_no_rule_is_refused(api, product, given, field, message):
    payload = update(api, product, **given)

    assert payload["cdKeyProduct"] is None
    assert payload["errors"] == [{"field": field, "code": "INVALID", "message": message}]
    row = KeyProduct.objects.get()
    assert (row.follows_stock, row.price_rule, row.source) == (
        False,
        "none",
        "stock_then_suppliers",
    )


def test_a_preview_tells_what_would_change_and_why(api, product):
    update(api, product, followsStock=True, priceRule=RULE)

    data = api.data(PREVIEW, {"id": global_id("CdKeyProduct", product.pk)})

    assert data["cdKeyShopPreview"] == {
        "isChange": True,
        "prices": [
            {
                "channel": {"slug": "shop-eur"},
                "price": {"amount": 20.0, "currency": "EUR"},
                "newPrice": {"amount": 5.99, "currency": "EUR"},
                "isChange": True,
                "reason": "Alpha asks 5 USD.",
                "cost": {"amount": 5.0, "currency": "USD"},
                "exchangeRate": 0.8,
            }
        ],
        "stock": {
            "forSale": 3,
            "isChange": True,
            "reason": "0 in stock, 3 at suppliers, 0 owed to orders.",
            "warehouses": [{"warehouse": "main", "quantity": 0, "newQuantity": 3, "promised": 0}],
        },
    }
    assert ProductVariantChannelListing.objects.get().price_amount == 20


def test_a_preview_of_what_is_not_there_is_null(api):
    assert api.data(PREVIEW, {"id": global_id("CdKeyProduct", 1)}) == {"cdKeyShopPreview": None}


def test_changes_are_listed_newest_first(api, product, channel):
    other = make_key_product(
        channel=channel,
        sku="game-2",
        price_rule="fixed",
        price_value=D("9"),
        price_currency="EUR",
    )
    update(api, product, followsStock=True, priceRule=RULE)
    follow_in_shop()
    today = timezone.now().date().isoformat()

    changes = api.data(CHANGES)["cdKeyShopChanges"]

    assert changes["totalCount"] == 3
    by_other, stock, price = (edge["node"] for edge in changes["edges"])
    assert (by_other["keyProduct"]["sku"], by_other["newValue"]) == ("game-2", 9.0)
    assert price == {
        "keyProduct": {"sku": "game-1"},
        "kind": "PRICE",
        "channel": {"slug": "shop-eur"},
        "place": "shop-eur",
        "oldValue": 20.0,
        "newValue": 5.99,
        "currency": "EUR",
        "reason": "Alpha asks 5 USD.",
        "cost": {"amount": 5.0, "currency": "USD"},
        "exchangeRate": 0.8,
        "exchangeRateDate": today,
    }
    assert (stock["kind"], stock["channel"], stock["place"]) == ("STOCK", None, "main")
    assert (stock["oldValue"], stock["newValue"], stock["currency"]) == (0.0, 3.0, None)
    assert (stock["cost"], stock["exchangeRate"]) == (None, None)
    for wanted, count in (
        ({"keyProduct": global_id("CdKeyProduct", other.pk)}, 1),
        ({"kind": "PRICE"}, 2),
        ({"keyProduct": global_id("CdKeyProduct", product.pk), "kind": "STOCK"}, 1),
    ):
        found = api.data(CHANGES, {"filter": wanted})["cdKeyShopChanges"]
        assert found["totalCount"] == len(found["edges"]) == count
