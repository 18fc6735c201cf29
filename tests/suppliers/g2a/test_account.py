"""The account: its credentials, its currency, and what it says it can do."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import Catalogue, Changes, Returns, Webhooks
from saleor_cdkeys.suppliers.g2a import G2ASupplier
from saleor_cdkeys.suppliers.g2a.account import authorization
from saleor_cdkeys.suppliers.registry import adapter_class
from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.g2a.account import DIGEST, EMAIL, HASH, SECRET, open_adapter
from tests.suppliers.g2a.answers import PRODUCT


def test_the_header_is_that_of_the_vendors_test():
    header = authorization(api_hash=HASH, email=EMAIL, api_secret=SECRET)
    assert header == f"{HASH}, {DIGEST}"


def test_it_is_installed_under_its_name():
    assert adapter_class("g2a") is G2ASupplier


def test_it_says_what_it_can_do():
    with closing(open_adapter("")) as adapter:
        assert isinstance(adapter, Catalogue)
        assert isinstance(adapter, Changes)
        assert not isinstance(adapter, Returns)
        assert not isinstance(adapter, Webhooks)
        assert adapter.balance() is None
        assert str(adapter._client._client.base_url) == "https://api.g2a.com/v1/"


def test_its_settings_may_have_blanks_around_them(server):
    adapter = G2ASupplier(
        config={"base_url": f" {server.base_url} ", "email": f" {EMAIL}\n", "currency": " eur "},
        secrets={"api_hash": f"{HASH} ", "api_secret": f" {SECRET}"},
    )
    with closing(adapter):
        quote = adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert quote.unit_price == Money(Decimal("5.10"), "EUR")


@pytest.mark.parametrize("currency", ["EURO", "€", "E1R"])
def test_a_currency_has_three_letters(currency):
    with pytest.raises(ConfigurationError):
        open_adapter("", currency=currency)


def test_the_currency_is_that_of_the_account(on_wire):
    worker = on_wire(
        says({"total": 1, "page": 1, "docs": [{"id": PRODUCT, "name": "A", "minPrice": 3}]}),
        currency="USD",
    )
    quote = worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert quote.unit_price == Money(Decimal(3), "USD")
