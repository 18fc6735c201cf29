"""Rates that people type are checked one by one, and the wrong one is named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.reading import RateOfDay
from saleor_cdkeys.exchange.typed import typed_rates

DAY = dt.date(2026, 11, 24)
USD = ("USD", Decimal("1.0843"))


def test_they_are_taken_as_people_type_them():
    assert typed_rates([(" usd", USD[1]), ("PLN", Decimal(4))], base="eur ", date=DAY) == [
        RateOfDay("EUR", "USD", Decimal("1.0843"), DAY),
        RateOfDay("EUR", "PLN", Decimal(4), DAY),
    ]


@pytest.mark.parametrize(
    ("given", "changed", "field", "text"),
    [
        ([], {}, "rates", "Give at least one rate."),
        ([USD, USD], {}, "rates", "USD stands there twice."),
        ([USD, ("DOLLAR", USD[1])], {}, "rates", "DOLLAR: A currency has three"),
        ([("EUR", USD[1])], {}, "rates", "EUR: The two currencies are the same."),
        ([("USD", Decimal(0))], {}, "rates", "USD: A rate is greater than 0"),
        ([("USD", Decimal("NaN"))], {}, "rates", "USD: A rate is greater than 0"),
        ([USD], {"base": "euro"}, "base", "A currency has three"),
        ([USD], {"date": dt.date(2999, 1, 1)}, "date", "The date lies in the future."),
    ],
)
def test_what_cannot_be_used_is_named(given, changed, field, text):
    with pytest.raises(InvalidInput, match=text) as caught:
        typed_rates(given, **{"base": "EUR", "date": DAY, **changed})
    assert caught.value.field == field
