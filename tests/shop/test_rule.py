"""How a price follows from a cost: margin, rounding, floor, ceiling, currencies."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_cdkeys.acquisition.shop.rule import Pricing, places_of, price_in, problem_of
from saleor_cdkeys.exchange.converting import NoRate, Rate
from saleor_cdkeys.statuses import PriceRule
from saleor_cdkeys.values import Money

D = Decimal
PERCENT = PriceRule.MARGIN_PERCENT
AMOUNT = PriceRule.MARGIN_AMOUNT
FIXED = PriceRule.FIXED


def rate_between(currency_from: str, currency_to: str) -> Rate:
    """One euro is two dollars, and nobody knows more."""
    values = {("EUR", "USD"): D(2), ("USD", "EUR"): D("0.5")}
    if currency_from == currency_to:
        return Rate(currency_from, currency_to, D(1), None)
    if (currency_from, currency_to) not in values:
        raise NoRate("none", pair=(currency_from, currency_to))
    value = values[currency_from, currency_to]
    return Rate(currency_from, currency_to, value, dt.date(2026, 11, 25))


def price(pricing: Pricing, cost: str | None = None, currency: str = "EUR") -> Money:
    money = None if cost is None else Money(D(cost), currency)
    return price_in(currency, pricing=pricing, cost=money, rate_between=rate_between)


@pytest.mark.parametrize(
    ("pricing", "cost", "expected"),
    [
        (Pricing(PERCENT, D(20)), "8", "10.00"),
        (Pricing(PERCENT, D(0)), "8.001", "8.01"),
        (Pricing(PERCENT, D("99.99")), "1", "10000.00"),
        (Pricing(AMOUNT, D("2.5"), "EUR"), "8", "10.50"),
        (Pricing(AMOUNT, D(5), "USD"), "8", "10.50"),
        (Pricing(FIXED, D("19.99"), "EUR"), None, "19.99"),
        (Pricing(FIXED, D("19.99"), "USD"), None, "10.00"),
        (Pricing(PERCENT, D(20), ending=D("0.99")), "8", "10.99"),
        (Pricing(PERCENT, D(0), ending=D("0.99")), "10.99", "10.99"),
        (Pricing(PERCENT, D(0), ending=D("0.99")), "10.991", "11.99"),
        (Pricing(PERCENT, D(0), ending=D("0.00")), "10.01", "11.00"),
        (Pricing(PERCENT, D(0), ending=D("0.50")), "10.00", "10.50"),
        (Pricing(PERCENT, D(0), "EUR", floor=D(12)), "8", "12.00"),
        (Pricing(PERCENT, D(0), "EUR", D("0.99"), floor=D(12)), "8", "12.99"),
        (Pricing(PERCENT, D(0), "EUR", ceiling=D(7)), "8", "7.00"),
        (Pricing(PERCENT, D(0), "EUR", D("0.99"), ceiling=D("8.50")), "8", "8.50"),
        (Pricing(PERCENT, D(0), "USD", floor=D(30), ceiling=D(40)), "8", "15.00"),
        (Pricing(PERCENT, D(0), "USD", floor=D(30), ceiling=D(40)), "80", "20.00"),
        # No price lies between the two: the floor holds.
        (Pricing(PERCENT, D(0), "EUR", floor=D("9.991"), ceiling=D("9.999")), "8", "10.00"),
    ],
)
def test_a_price_by_its_rule(pricing, cost, expected):
    assert price(pricing, cost) == Money(D(expected), "EUR")
    assert str(price(pricing, cost).amount) == expected


@pytest.mark.parametrize(
    ("currency", "cost", "expected"),
    [("JPY", "800.2", "801"), ("KWD", "1.0001", "1.001"), ("USD", "1.001", "1.01")],
)
def test_prices_have_the_decimals_of_their_currency(currency, cost, expected):
    rule = Pricing(PERCENT, D(0))

    assert str(price(rule, cost, currency).amount) == expected
    assert places_of(currency) == len(expected.partition(".")[2])


def test_a_currency_without_decimals_has_no_ending():
    assert price(Pricing(PERCENT, D(0), ending=D("0.99")), "800.2", "JPY").amount == 801
    assert price(Pricing(PERCENT, D(0), ending=D("0.00")), "800.2", "JPY").amount == 801


@pytest.mark.parametrize(
    "pricing",
    [
        Pricing(FIXED, D(10), "GBP"),
        Pricing(AMOUNT, D(1), "GBP"),
        Pricing(PERCENT, D(10), "GBP", floor=D(1)),
        Pricing(PERCENT, D(10), "GBP", ceiling=D(1)),
    ],
)
def test_what_cannot_be_converted_gives_no_price(pricing):
    with pytest.raises(NoRate) as missing:
        price(pricing, "8")

    assert missing.value.pair == ("GBP", "EUR")


amounts = st.decimals(min_value=D("0.01"), max_value=D(10000), places=4)


@given(
    cost=amounts,
    percent=st.decimals(min_value=0, max_value=D("99.99"), places=2),
    ending=st.none() | st.decimals(min_value=0, max_value=D("0.99"), places=2),
    floor=st.none() | amounts,
)
def test_no_rounding_costs_margin_or_goes_below_the_floor(cost, percent, ending, floor):
    pricing = Pricing(PERCENT, percent, "EUR", ending, floor=floor)

    amount = price(pricing, str(cost)).amount

    assert (amount - cost) >= amount * percent / 100
    assert floor is None or amount >= floor
    assert ending is None or amount % 1 == ending or amount == floor
    assert amount == amount.quantize(D("0.01"))


@pytest.mark.parametrize(
    "pricing",
    [
        Pricing(),
        Pricing(PERCENT, D("99.99")),
        Pricing(PERCENT, D(0), "EUR", D("0.99"), D(1), D(1)),
        Pricing(FIXED, D("0.01"), "EUR"),
        Pricing(AMOUNT, D(0), "EUR"),
    ],
)
def test_what_is_a_rule(pricing):
    assert problem_of(pricing) is None


@pytest.mark.parametrize(
    ("pricing", "problem"),
    [
        (Pricing("cheap"), "Choose one of: none, fixed, margin_percent, margin_amount."),
        (Pricing(PERCENT), "Enter the price or the margin."),
        (Pricing(PERCENT, D(100)), "Enter a percentage from 0 to 99.99."),
        (Pricing(PERCENT, D(-1)), "Enter a percentage from 0 to 99.99."),
        (Pricing(PERCENT, D("1.005")), "Enter a percentage from 0 to 99.99."),
        (Pricing(FIXED, D(0), "EUR"), "A price is more than zero."),
        (Pricing(FIXED, D(-1), "EUR"), "Enter an amount of zero or more."),
        (Pricing(AMOUNT, D("0.00001"), "EUR"), "Enter an amount with at most 4 decimal places."),
        (Pricing(FIXED, D(1)), "A currency has three capital letters, such as EUR."),
        (Pricing(AMOUNT, D(1), "euro"), "A currency has three capital letters, such as EUR."),
        (Pricing(PERCENT, D(1), floor=D(1)), "A currency has three capital letters, such as EUR."),
        (Pricing(PERCENT, D(1), ending=D(1)), "Prices may end in 0.00 to 0.99."),
        (Pricing(PERCENT, D(1), ending=D("0.999")), "Prices may end in 0.00 to 0.99."),
        (Pricing(PERCENT, D(1), "EUR", floor=D(-1)), "Enter an amount of zero or more."),
        (Pricing(PERCENT, D(1), "EUR", ceiling=D(0)), "A price is more than zero."),
        (
            Pricing(PERCENT, D(1), "EUR", floor=D(2), ceiling=D(1)),
            "The lowest price is above the highest.",
        ),
    ],
)
def test_what_is_no_rule(pricing, problem):
    assert problem_of(pricing) == problem
