"""Rates that come in: what waited for one is bought."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition import rates, tending
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.reading import RateOfDay
from saleor_cdkeys.models import ExchangeRate, KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.factories.cdkeys import buy, run
from tests.suppliers.wire import Wire, answer

USD = b"currency,rate\nUSD,1.25\n"


@pytest.fixture
def order(channel, product, sandbox):
    """An order that waits, because its supplier sells in US dollars."""
    sandbox.shop.currency = "USD"
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.CURRENCY_MISMATCH)
    return order


def _is_due() -> bool:
    return KeyOrder.objects.get().next_run_at <= timezone.now()


def test_an_order_that_waited_for_a_rate_is_bought_when_it_is_there(order, sandbox):
    rate = RateOfDay("EUR", "USD", Decimal("1.25"), timezone.now().date())
    assert not _is_due()

    assert rates.take_in([rate], source="kim@example.com") == 1

    assert _is_due()
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert len(sandbox.shop.ledger) == 1
    assert ExchangeRate.objects.get().source == "kim@example.com"


def test_so_it_is_with_a_file(order):
    day = timezone.now().date() - dt.timedelta(days=1)

    assert rates.take_in_file(USD, name="rates.csv", base="EUR", date=day) == 1

    assert _is_due()
    stored = ExchangeRate.objects.get()
    assert (stored.rate, stored.date, stored.source) == (Decimal("1.25"), day, "rates.csv")


def test_so_it_is_with_an_address(order):
    with Wire(answer(USD)) as wire:
        assert rates.take_in_address(wire.url, base="EUR") == 1
    assert _is_due()


def test_so_it_is_with_what_is_fetched_by_itself(order, settings):
    with Wire(answer(USD)) as wire:
        settings.CDKEYS_RATES_URL = wire.url
        tending.tend()
    assert _is_due()


def test_rates_that_are_not_due_wake_nobody(order):
    tending.tend()
    assert not _is_due()


def test_rates_that_cannot_be_used_wake_nobody(order):
    with pytest.raises(InvalidInput):
        rates.take_in_file(b"currency,rate\nUSD,0\n", name="rates.csv", base="EUR")
    assert not _is_due()


@pytest.mark.parametrize(
    "fields",
    [{"reason": Reason.OUTCOME_UNKNOWN}, {"status": KeyOrderStatus.FAILED}],
)
def test_who_waits_for_something_else_is_left_alone(order, fields):
    KeyOrder.objects.update(**fields)
    rates.take_in_file(USD, name="rates.csv", base="EUR")
    assert not _is_due()
