"""The price of a quote is that of the number in the order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import TryLater
from saleor_cdkeys.suppliers.fakes.codeswholesale_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product
from saleor_cdkeys.values import Money
from tests.suppliers.codeswholesale.account import ask, buy
from tests.suppliers.codeswholesale.answers import CODE, OTHER, PRODUCT, PRODUCT_ANSWER


@pytest.mark.parametrize(
    ("quantity", "stock", "price"),
    [
        (1, 37, "5.30"),
        (9, 37, "5.30"),
        (10, 37, "5.10"),
        (100, 37, "5.10"),
        # Only nine are there, so ten cannot be bought at the price of ten.
        (10, 9, "5.30"),
    ],
)
def test_the_price_is_that_of_the_number_in_the_order(server, adapter, quantity, stock, price):
    server.shop.set_product(Product(PRODUCT, Decimal("5.30"), stock))
    bands = ((Decimal("5.30"), 1, 9), (Decimal("5.10"), 10, None))
    server.books.details[PRODUCT] = Details(bands=bands)

    quote = adapter.quote(supplier_product_id=PRODUCT, quantity=quantity)

    assert quote.unit_price == Money(Decimal(price), "EUR")
    number = min(quantity, stock)
    order = buy(adapter, server, quantity=number, unit_price=quote.unit_price)[1]
    assert order.charged == quote.unit_price.times(number)


@pytest.mark.parametrize(
    ("prices", "price"),
    [
        ('[{"value": 5, "from": null, "to": null}]', "5"),
        ('[{"value": "5.25", "from": 1, "to": 2}]', "5.25"),
        ('[{"value": 5, "from": 1, "to": 2}, {"value": 4, "from": 2, "to": 9}]', "5"),
        ("[]", None),
        ('[{"value": 5, "from": 10, "to": null}]', None),
        ('[{"value": -5, "from": 1, "to": null}]', None),
        ('[{"value": true, "from": 1, "to": null}]', None),
        ('[{"value": NaN, "from": 1, "to": null}]', None),
        (f'"{CODE}"', None),
    ],
)
def test_a_price_is_read_or_not_at_all(prices, price):
    body = f'{{"productId": "{PRODUCT}", "quantity": 9, "prices": {prices}}}'
    quote, _requests = ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=2), body
    )
    if price is None:
        assert type(quote) is TryLater
    else:
        assert quote.unit_price == Money(Decimal(price), "EUR")


def test_a_quote_of_another_product_is_none():
    quote, _requests = ask(
        lambda adapter: adapter.quote(supplier_product_id=OTHER, quantity=2), PRODUCT_ANSWER
    )
    assert type(quote) is TryLater
