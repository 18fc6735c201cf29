"""The catalogue, and what changed in it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import TryLater
from saleor_cdkeys.suppliers.fakes.codeswholesale_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product
from saleor_cdkeys.values import Money
from tests.suppliers.codeswholesale.account import ask
from tests.suppliers.codeswholesale.answers import PRODUCT


@pytest.fixture
def many(server):
    """A hundred products more, every tenth of which is a sequel."""
    for number in range(100):
        product = Product(f"{number:08d}-0000-4000-8000-000000000000", Decimal(number), number)
        server.shop.set_product(product)
        name = f"Game {number}" + (" II – Straße" if number % 10 == 0 else "")
        server.books.details[product.id] = Details(
            name=name,
            regions=("EU", "US"),
            updated_at=dt.datetime(2025, 6, 1, 0, number // 2, tzinfo=dt.UTC),
        )
    server.page_size = 7
    return server


def test_a_search_goes_through_the_list_page_by_page(many, adapter):
    first = adapter.search(text="ii – STRASSE ")
    second = adapter.search(text="ii – STRASSE ", page=first.next_page)

    names = [product.name for page in (first, second) for product in page.products]
    assert names == [f"Game {number} II – Straße" for number in range(0, 100, 10)]
    assert first.next_page
    assert second.next_page == ""


def test_a_search_stops_when_it_has_enough(many, adapter):
    page = adapter.search(text="game")
    assert len(page.products) == 21
    assert sum(asked == "GET /v3/products" for asked in many.requests) == 3


def test_products_are_asked_for_together(many, adapter):
    many.page_size = 1000
    ids = [product_id for product_id in many.shop.products if product_id != PRODUCT]

    found = adapter.products(ids=[*ids, "unknown", ids[0]])

    assert list(found) == ids
    assert sum(asked == "GET /v3/products" for asked in many.requests) == 3
    product = found[ids[20]]
    assert (product.name, product.platform, product.region) == (
        "Game 20 II – Straße",
        "Steam",
        "EU, US",
    )
    assert (product.price, product.available) == (Money(Decimal(20), "EUR"), 20)
    assert (product.is_preorder, product.release_date) == (False, None)


def test_products_come_in_pages_too(many, adapter):
    ids = list(many.shop.products)
    assert list(adapter.products(ids=ids)) == ids


def test_changes_since_a_moment_are_listed(many, adapter):
    since = dt.datetime(2025, 6, 1, 2, 45, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    first = adapter.changes(since=since)
    second = adapter.changes(since=since, page=first.next_page)
    names = [product.name for page in (first, second) for product in page.products]
    assert names == [
        f"Game {number}" + (" II – Straße" if number % 10 == 0 else "") for number in range(90, 100)
    ]
    assert (len(first.products), second.next_page) == (7, "")


def test_what_cannot_be_read_of_a_product_in_a_list_is_not_told():
    item = {"productId": "P1", "name": "Game", "prices": [], "quantity": None}
    found, _requests = ask(
        lambda adapter: adapter.products(ids=["P1"]), json.dumps({"items": [item]})
    )
    product = found["P1"]
    assert (product.price, product.available, product.is_preorder) == (None, None, False)


@pytest.mark.parametrize(
    "told",
    ['{"items": [{"name": "Game"}]}', '{"items": [7]}', "{}", ("400 Bad Request", "{}"), "7"],
)
def test_a_price_list_that_cannot_be_read_is_asked_for_later(told):
    error, _requests = ask(lambda adapter: adapter.search(text=""), told)
    assert type(error) is TryLater
