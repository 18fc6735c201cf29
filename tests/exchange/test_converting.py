"""Money is converted by a rate that is new enough, or not at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.exchange.converting import NoRate, Rates
from saleor_cdkeys.models import ExchangeRate
from saleor_cdkeys.values import Money

pytestmark = pytest.mark.django_db


def _add(base: str, currency: str, rate: str, *, days_old: int = 0) -> None:
    date = timezone.now().date() - dt.timedelta(days=days_old)
    ExchangeRate.objects.create(base=base, currency=currency, rate=Decimal(rate), date=date)


def test_one_currency_needs_no_rate():
    rate = Rates.read().rate("EUR", "EUR")

    assert (rate.value, rate.date) == (1, None)
    assert rate.convert(Money(Decimal("5.10"), "EUR")) == Money(Decimal("5.10"), "EUR")


def test_the_pair_itself():
    _add("EUR", "USD", "1.08")
    rate = Rates.read().rate("EUR", "USD")
    assert rate.convert(Money(Decimal("10"), "EUR")) == Money(Decimal("10.80"), "USD")


def test_the_pair_turned_round():
    _add("EUR", "USD", "1.25")
    assert Rates.read().rate("USD", "EUR").value == Decimal("0.8")


def test_two_currencies_with_a_base_in_common():
    _add("EUR", "USD", "1.25")
    _add("EUR", "PLN", "4.30", days_old=2)

    rate = Rates.read().rate("USD", "PLN")

    assert rate.value == Decimal("3.44")
    assert rate.date == timezone.now().date() - dt.timedelta(days=2)


def test_the_newest_day_counts():
    _add("EUR", "USD", "1.08")
    _add("EUR", "USD", "9", days_old=1)
    assert Rates.read().rate("EUR", "USD").value == Decimal("1.08")


@pytest.mark.parametrize("days_old", [0, 5])
def test_a_rate_lasts_for_some_days(days_old):
    _add("EUR", "USD", "1.08", days_old=days_old)
    assert Rates.read().rate("EUR", "USD").value == Decimal("1.08")


def test_a_rate_that_is_too_old_is_none():
    _add("EUR", "USD", "1.08", days_old=6)
    day = timezone.now().date() - dt.timedelta(days=6)

    with pytest.raises(NoRate, match=f"between EUR and USD is of {day}, which is too old"):
        Rates.read().rate("EUR", "USD")


def test_one_old_rate_spoils_a_pair_of_two():
    _add("EUR", "USD", "1.08")
    _add("EUR", "PLN", "4.30", days_old=6)
    with pytest.raises(NoRate, match="too old"):
        Rates.read().rate("USD", "PLN")


def test_a_rate_that_never_was():
    _add("EUR", "USD", "1.08")
    with pytest.raises(NoRate, match="There is no exchange rate between EUR and JPY") as caught:
        Rates.read().rate("EUR", "JPY")
    assert caught.value.pair == ("EUR", "JPY")


def test_other_money_is_not_converted():
    with pytest.raises(ValueError, match="USD is not EUR"):
        Rates.read().rate("EUR", "EUR").convert(Money(Decimal(1), "USD"))


def test_reading_them_is_one_query(django_assert_num_queries):
    _add("EUR", "USD", "1.08")
    with django_assert_num_queries(1):
        rates = Rates.read()
        rates.rate("EUR", "USD")
        rates.rate("USD", "EUR")
