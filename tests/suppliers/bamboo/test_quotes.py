"""Prices, and the face values that they are for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.bamboo.reading import Article
from saleor_cdkeys.suppliers.base import Refused, TryLater
from tests.suppliers.bamboo.account import eur, quoted
from tests.suppliers.bamboo.answers import ACCOUNTS, CODE, PRODUCT, catalogue_with


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("55", Article("55", None)),
        ("55:10", Article("55", Decimal(10))),
        ("55:12.50", Article("55", Decimal("12.50"))),
        ("", None),
        ("055", None),
        ("55:", None),
        ("55:-1", None),
        ("55:1e3", None),
        ("55:10:10", None),
        ("55/../9", None),
        ("५५", None),
    ],
)
def test_a_product_is_named_by_number_and_face_value(text, expected):
    assert Article.read(text) == expected


def test_what_is_no_name_of_a_product_is_asked_of_nobody():
    error, requests = quoted(ACCOUNTS, product="Steam/10")
    assert type(error) is Refused
    assert requests == []


@pytest.mark.parametrize(
    ("prices", "faces", "wanted", "price"),
    [
        # In proportion: what it is likely to be.
        (("4.80", "96"), (5, 100), "20", "19.2"),
        (("4.80", "96"), (5, 100), "5", "4.80"),
        (("4.80", "96"), (5, 100), "100", "96"),
        # Dear at the lower end, as with a fee: what that end asks for a unit of face value.
        (("5.80", "96"), (5, 100), "20", "23.2"),
        # Dear at the upper end.
        (("4.50", "96"), (5, 100), "20", "19.2"),
        # Never more than the dearest card costs.
        (("5.80", "96"), (5, 100), "90", "96"),
        # Never too little by rounding.
        (("1", "3"), (3, 9), "4", "1.3334"),
        (("0", "5"), (0, 10), "5", "5"),
    ],
)
def test_between_the_ends_of_a_range_a_price_is_the_most_it_may_be(prices, faces, wanted, price):
    low, high = prices
    told = catalogue_with(
        minFaceValue=faces[0],
        maxFaceValue=faces[1],
        price={"min": float(low), "max": float(high), "currencyCode": "EUR"},
    )
    quote, _requests = quoted(ACCOUNTS, told, product=f"55:{wanted}")
    assert quote.supplier_product_id == f"55:{wanted}"
    assert quote.unit_price == eur(price)


def test_a_fixed_product_with_two_prices_costs_the_higher_one():
    told = catalogue_with(price={"min": 5.1, "max": 5.2, "currencyCode": "EUR"})
    assert quoted(ACCOUNTS, told)[0].unit_price == eur("5.2")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 56},
        {"price": None},
        {"price": {"min": -1, "max": 5, "currencyCode": "EUR"}},
        {"price": {"min": True, "max": 5, "currencyCode": "EUR"}},
        {"price": {"min": "5", "max": 5, "currencyCode": "EUR"}},
        {"price": {"min": 1e15, "max": 1e15, "currencyCode": "EUR"}},
        {"price": {"min": 5, "max": 5, "currencyCode": CODE}},
        {"minFaceValue": None},
        {"count": CODE},
    ],
)
def test_a_product_that_cannot_be_read_has_no_price(changes):
    quote, _requests = quoted(ACCOUNTS, catalogue_with(**changes))
    assert type(quote) is (Refused if "id" in changes else TryLater)


def test_a_price_in_another_currency_than_the_accounts_is_none(server, adapter):
    server.prices_in = "USD"
    with pytest.raises(Refused, match="in EUR"):
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
