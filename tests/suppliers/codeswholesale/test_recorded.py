"""The recorded examples are read as they stand, and asked for as they were."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import SupplierOrder
from saleor_cdkeys.suppliers.codeswholesale import CodesWholesaleSupplier
from saleor_cdkeys.values import Money
from tests.suppliers.codeswholesale.account import ask, bought, open_adapter, texts_of
from tests.suppliers.codeswholesale.answers import (
    CODE,
    ORDER_ANSWER,
    ORDER_ID,
    PRODUCT,
    PRODUCT_ANSWER,
    order_told,
    text_code,
)


def test_a_product_is_read_as_recorded():
    quote, (request,) = ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=2), PRODUCT_ANSWER
    )
    assert quote.unit_price == Money(Decimal("5.30"), "EUR")
    assert (quote.available, quote.is_preorder, quote.release_date) == (37, False, None)
    assert quote.blocked_countries == frozenset()
    assert request.startswith(f"GET /v3/products/{PRODUCT} ".encode())
    assert b"authorization: bearer tok-5cr3t-0815" in request.lower()


def test_an_order_is_read_as_recorded(kept):
    order, (request,) = bought(ORDER_ANSWER, kept=kept.append)

    assert order == SupplierOrder(
        ORDER_ID, (), is_final=False, charged=Money(Decimal("10.60"), "EUR")
    )
    assert kept == [ORDER_ANSWER.encode()]
    head, _blank, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v3/orders ")
    assert body == (
        b'{"orderId": "4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a", "allowPreOrder": false, '
        b'"products": [{"productId": "466c805b-ead1-4851-bc4f-9eda242550ad", '
        b'"quantity": 2, "price": 5.30}]}'
    )


def test_a_completed_order_is_read():
    order, _requests = bought(order_told(text_code(1), text_code(2, "DDDDD-EEEEE-FFFFF")))
    assert order.is_final
    assert texts_of(order) == [CODE, "DDDDD-EEEEE-FFFFF"]
    assert [key.supplier_key_id for key in order.keys] == ["C1", "C2"]


def test_the_account_is_read():
    told = '{"currentBalance": -1.5, "currentCredit": 100.25, "totalToUse": 98.75}'
    balance, (request,) = ask(lambda adapter: adapter.balance(), told)
    assert balance == Money(Decimal("98.75"), "EUR")
    assert request.startswith(b"GET /v3/accounts/current ")


def test_the_currency_is_the_accounts():
    quote, _requests = ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1),
        PRODUCT_ANSWER,
        currency="usd",
    )
    assert quote.unit_price == Money(Decimal("5.30"), "USD")


def test_a_currency_that_is_none_is_a_matter_of_settings():
    with pytest.raises(ConfigurationError):
        open_adapter("http://127.0.0.1:1", currency="Euro")


def test_the_live_address_is_the_usual_one():
    with closing(CodesWholesaleSupplier(config={}, secrets={})) as adapter:
        assert str(adapter._api._client._client.base_url) == "https://api.codeswholesale.com"
