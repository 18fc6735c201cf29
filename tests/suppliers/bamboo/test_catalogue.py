"""The catalogue, and what changed in it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, Refused, TryLater
from saleor_cdkeys.suppliers.fakes.bamboo_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product
from tests.suppliers.asking import all_pages
from tests.suppliers.bamboo.account import ask, eur, request_lines
from tests.suppliers.bamboo.answers import ACCOUNTS, CATALOGUE, CODE, PRODUCT, RANGE


def _fill(server, brands: int) -> None:
    for number in range(brands):
        product_id = str(1000 + number)
        server.shop.set_product(Product(product_id, Decimal("2.50"), 3))
        server.books.details[product_id] = Details(brand=f"Brand {number:03}", name="10 EUR")


def test_products_are_searched_by_brand(adapter):
    (found,) = adapter.search(text=" wallet ").products
    assert (found.supplier_product_id, found.name) == (RANGE, "Example Wallet (5–100)")
    assert (found.platform, found.region) == ("Example Wallet", "US")
    assert (found.price, found.available) == (None, None)


def test_a_fixed_product_is_listed_with_price_and_stock(server, adapter):
    server.shop.set_product(Product(PRODUCT, Decimal("5.1999"), 3))
    (found,) = adapter.search(text="example store").products
    assert (found.name, found.price) == ("Example Store 10 EUR", eur("5.1999"))
    assert found.available == 3


def test_a_search_is_read_page_by_page(server, adapter):
    _fill(server, 205)
    pages = all_pages(lambda page: adapter.search(text="brand", page=page))
    assert [len(page.products) for page in pages] == [100, 100, 5]
    assert len({found.supplier_product_id for page in pages for found in page.products}) == 205


def test_the_end_is_known_without_a_count():
    body = json.loads(CATALOGUE)
    del body["count"]
    page, requests = ask(lambda adapter: adapter.search(text=""), ACCOUNTS, json.dumps(body))
    assert (len(page.products), page.next_page) == (1, "")
    assert request_lines(requests)[1] == (
        "GET /api/integration/v2.0/catalog?TargetCurrency=EUR&PageIndex=0&PageSize=100"
    )


def test_a_product_that_cannot_be_read_does_not_hide_the_others():
    body = json.loads(CATALOGUE)
    products = body["items"][0]["products"]
    products.insert(0, {**products[0], "id": 54, "price": None})
    page, _requests = ask(lambda adapter: adapter.search(text=""), ACCOUNTS, json.dumps(body))
    assert [found.supplier_product_id for found in page.products] == ["55"]


def test_products_are_asked_for_by_their_names(server, adapter):
    found = adapter.products(ids=[PRODUCT, f"{RANGE}:20", RANGE, "999", "nonsense"])
    assert set(found) == {PRODUCT, f"{RANGE}:20", RANGE}
    assert found[f"{RANGE}:20"].price == eur("19.2")
    assert found[f"{RANGE}:20"].name == "Example Wallet"
    assert found[f"{RANGE}:20"].supplier_product_id == f"{RANGE}:20"
    assert found[RANGE].price is None
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 3


def test_many_products_are_asked_for_by_the_page(server, adapter):
    _fill(server, 205)
    ids = [str(1000 + number) for number in range(0, 150, 2)]
    found = adapter.products(ids=ids)
    assert set(found) == set(ids)
    # The third page has none of them any more.
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 2


def test_nothing_is_asked_of_nobody(server, adapter):
    assert adapter.products(ids=["nonsense"]) == {}
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 0


def test_changes_are_asked_for_from_the_day_before(server, adapter):
    since = dt.datetime(2025, 6, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    # In UTC it is still May; the day before that is asked for, and what changed after it.
    (found,) = adapter.changes(since=since).products
    assert found.supplier_product_id == RANGE
    assert adapter.changes(since=since + dt.timedelta(days=3)).products == ()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("403 Forbidden", "{}", AccountProblem),
        ("400 Bad Request", '{"message":"ClientCatalogNotExist"}', AccountProblem),
        ("400 Bad Request", json.dumps({"message": CODE}), Refused),
        ("500 Server Error", "{}", TryLater),
        ("200 OK", "[]", TryLater),
        ("200 OK", json.dumps({"items": [CODE]}), TryLater),
        ("200 OK", json.dumps({"items": [{"products": CODE}]}), TryLater),
    ],
)
def test_what_a_no_to_a_question_means(status, body, expected):
    for call in (
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1),
        lambda adapter: adapter.search(text="x"),
    ):
        error, _requests = ask(call, ACCOUNTS, (status, body))
        assert type(error) is expected
