"""What is not released yet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import OutOfStock
from saleor_cdkeys.suppliers.fakes.codeswholesale_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore
from tests.suppliers.codeswholesale.account import (
    bought,
    buy,
    make_query,
    make_request,
    texts_of,
    texts_sold,
)
from tests.suppliers.codeswholesale.answers import PRODUCT, order_told

TOMORROW = timezone.now() + dt.timedelta(days=1)


def _announce(server, *, stock: int = 0) -> None:
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), stock))
    date = TOMORROW.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    server.books.details[PRODUCT] = Details(release_date=date)


@pytest.mark.parametrize(("stock", "available"), [(0, None), (3, 3)])
def test_what_is_not_released_is_a_pre_order(server, adapter, stock, available):
    _announce(server, stock=stock)
    quote = adapter.quote(supplier_product_id=PRODUCT, quantity=5)
    assert quote.is_preorder
    assert quote.release_date == TOMORROW.date()
    assert quote.available == available


@pytest.mark.parametrize("stock", [0, 3])
def test_a_pre_order_is_bought_only_where_it_is_wanted(server, adapter, stock):
    _announce(server, stock=stock)
    adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    with pytest.raises(OutOfStock):
        buy(adapter, server)
    assert server.shop.ledger == {}
    assert "POST /v3/orders" not in server.requests


@pytest.mark.parametrize("word", ["CODE_PREORDER", "PRE_ORDER"])
def test_a_pre_order_gets_its_codes_when_they_are_there(server, adapter, noted, word):
    server.preorder_type = word
    _announce(server)
    request = make_request(allow_preorder=True, unit_price=Money(Decimal("5.10"), "EUR"))

    order = adapter.buy(request, keep=ignore, note=noted.append)
    assert (order.keys, order.is_final) == ((), False)
    assert noted == [order.supplier_order_id]
    assert not any(asked.startswith("GET /v3/codes/") for asked in server.requests)

    query = make_query(request.reference, order=order.supplier_order_id)
    server.books.order(order.supplier_order_id).ready_at += 60
    assert adapter.find_order(query, keep=ignore).keys == ()
    server.books.order(order.supplier_order_id).ready_at = 0
    later = adapter.find_order(query, keep=ignore)
    assert texts_of(later) == texts_sold(server, request.reference)
    assert later.is_final


def test_what_stands_in_place_of_a_pre_ordered_code_is_none():
    code = {"codeId": "C1", "codeType": "PRE_ORDER", "code": "Pre-order, code follows"}
    order, _requests = bought(order_told(code), quantity=1, allow_preorder=True)
    assert (order.keys, order.is_final) == ((), False)


def test_without_stock_a_released_product_is_sold_out(server, adapter):
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), 0))
    for date in (None, "2024-03-01T00:00:00.000Z", "2024-03-01", "soon"):
        server.books.details[PRODUCT] = Details(release_date=date)
        with pytest.raises(OutOfStock):
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)


def test_products_that_are_not_released_are_marked(server, adapter):
    _announce(server)
    product = adapter.products(ids=[PRODUCT])[PRODUCT]
    assert (product.is_preorder, product.release_date) == (True, TOMORROW.date())
