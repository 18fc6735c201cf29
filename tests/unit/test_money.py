from decimal import Decimal

import pytest

from saleor_cdkeys.values import Money


def test_amounts_of_one_currency_compare():
    assert Money(Decimal(1), "EUR") < Money(Decimal(2), "EUR")
    assert Money(Decimal("2.00"), "EUR") <= Money(Decimal(2), "EUR")
    assert Money(Decimal(5), "EUR") - Money(Decimal(2), "EUR") == Money(Decimal(3), "EUR")
    assert Money(Decimal("1.10"), "EUR").times(3) == Money(Decimal("3.30"), "EUR")


@pytest.mark.parametrize("compare", ["__lt__", "__le__", "__sub__"])
def test_amounts_of_two_currencies_never_mix(compare):
    with pytest.raises(ValueError, match="EUR"):
        getattr(Money(Decimal(1), "EUR"), compare)(Money(Decimal(1), "USD"))


def test_a_float_is_no_money():
    with pytest.raises(TypeError):
        Money(1.5, "EUR")
