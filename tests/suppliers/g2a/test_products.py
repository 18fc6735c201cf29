"""Single products, and quotes of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    CatalogueProduct,
    OutOfStock,
    Refused,
    TryLater,
)
from saleor_cdkeys.suppliers.sandbox_server import Product
from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.g2a.account import calls_of
from tests.suppliers.g2a.answers import CODE, PRODUCT, RECORDED, error_told, listing


def test_a_product_is_read_as_it_stands(on_wire):
    worker = on_wire(listing(RECORDED))
    found = worker.adapter.products(ids=[PRODUCT])
    assert found == {
        PRODUCT: CatalogueProduct(
            supplier_product_id=PRODUCT,
            name="Example Game",
            platform="Steam",
            region="GLOBAL",
            price=Money(Decimal("19.9"), "EUR"),
            available=12,
        )
    }
    assert calls_of(worker) == [f"GET /v1/products?id={PRODUCT}&includeOutOfStock=true"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"availableToBuy": False}, OutOfStock),
        ({"qty": 0, "minPrice": None}, OutOfStock),
        ({"minPrice": None}, TryLater),
        ({"minPrice": -1}, TryLater),
        ({"minPrice": "NaN"}, TryLater),
        ({"minPrice": "1e99"}, TryLater),
        ({"name": CODE, "id": None}, TryLater),
        ({"id": "10000068865003"}, TryLater),
        ({"name": ""}, TryLater),
    ],
)
def test_what_cannot_be_bought_or_read_has_no_quote(on_wire, changes, expected):
    worker = on_wire(listing({**RECORDED, **changes}))
    worker.fails(expected, worker.adapter.quote, supplier_product_id=PRODUCT, quantity=1)


def test_stock_that_is_not_told_is_not_known(on_wire):
    worker = on_wire(listing({**RECORDED, "qty": None}))
    assert worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1).available is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (listing(), Refused),
        (error_told("BR04"), Refused),
        (error_told("PR01"), Refused),
        (error_told("PR05"), Refused),
        (error_told("AUTH04", "403 Forbidden"), AccountProblem),
        (error_told("BR03", "429 Too Many Requests"), TryLater),
        (error_told("API00", "500 Internal Server Error"), TryLater),
        (says({"docs": CODE}), TryLater),
        (says({"docs": [CODE]}), TryLater),
        (says([]), TryLater),
    ],
)
def test_each_no_to_a_quote(on_wire, said, expected):
    worker = on_wire(said)
    worker.fails(expected, worker.adapter.quote, supplier_product_id=PRODUCT, quantity=1)


def test_products_that_are_not_there_are_left_out(worker, server):
    server.shop.set_product(Product("2", Decimal(1), 0))
    found = worker.adapter.products(ids=["1", "2", PRODUCT])
    assert {one: product.available for one, product in found.items()} == {"2": 0, PRODUCT: 100}
