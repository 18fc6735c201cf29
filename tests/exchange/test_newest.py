"""The newest rate of each pair."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from saleor_cdkeys.exchange.newest import newest_rates
from saleor_cdkeys.models import ExchangeRate

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 24)


def _add(base: str, currency: str, rate: str, *, days_old: int = 0) -> None:
    ExchangeRate.objects.create(
        base=base, currency=currency, rate=Decimal(rate), date=DAY - dt.timedelta(days=days_old)
    )


def _newest():
    return [(row.base, row.currency, row.rate) for row in newest_rates(using="default")]


def test_there_are_none():
    assert _newest() == []


def test_of_each_pair_the_newest(django_assert_num_queries):
    _add("EUR", "USD", "1.08")
    _add("EUR", "USD", "9", days_old=1)
    _add("USD", "EUR", "0.92", days_old=3)
    _add("EUR", "PLN", "4.30", days_old=400)
    _add("EUR", "PLN", "4.20", days_old=401)

    with django_assert_num_queries(1):
        assert _newest() == [
            ("EUR", "PLN", Decimal("4.30")),
            ("EUR", "USD", Decimal("1.08")),
            ("USD", "EUR", Decimal("0.92")),
        ]
