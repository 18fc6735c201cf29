from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_cdkeys.acquisition.amounts import problem_of_amount, problem_of_currency
from saleor_cdkeys.models import KeyProduct

COLUMN = KeyProduct._meta.get_field("max_unit_cost_amount")


@pytest.mark.parametrize(
    "amount", ["0", "0.0001", "19.99", "9999999999999999.9999", "1E+3", "5.10000"]
)
def test_an_amount_that_can_be_kept(amount):
    assert problem_of_amount(Decimal(amount)) is None


@pytest.mark.parametrize(
    "amount",
    [
        "-0.0001",
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "0.00001",
        "10000000000000000",
        "1E+999999",
    ],
)
def test_an_amount_that_cannot_be_kept(amount):
    assert problem_of_amount(Decimal(amount))


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_what_has_no_problem_fits_the_column(amount):
    if problem_of_amount(amount) is None:
        COLUMN.clean(amount.normalize(), None)
        assert amount >= 0


@pytest.mark.parametrize("currency", ["EUR", "XYZ"])
def test_a_currency(currency):
    assert problem_of_currency(currency) is None


@pytest.mark.parametrize("currency", ["", "eur", "EU", "EURO", "€", "EUR ", "EUR\n", "ÄÖÜ", "123"])
def test_what_is_no_currency(currency):
    assert problem_of_currency(currency)
