"""Rates come in by file, by address or by hand, and cure what waited for them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.alerts import raise_alert
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange import updating
from saleor_cdkeys.exchange.reading import RateOfDay
from saleor_cdkeys.models import Alert, ExchangeRate
from saleor_cdkeys.statuses import AlertKind
from tests.exchange.test_reading import ECB
from tests.suppliers.wire import Wire, answer, closed_port

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 24)
USD = RateOfDay("EUR", "USD", Decimal("1.0843"), DAY)


def _rows():
    rows = ExchangeRate.objects.order_by("currency", "date")
    return [(row.base, row.currency, row.rate, row.date, row.source) for row in rows]


def test_a_rate_of_the_same_day_replaces_the_old_one():
    assert updating.store([USD], source="first") == 1
    updating.store([RateOfDay("EUR", "USD", Decimal("1.09"), DAY)], source="second")
    assert _rows() == [("EUR", "USD", Decimal("1.09"), DAY, "second")]


def test_all_or_none_are_stored():
    with pytest.raises(InvalidInput):
        updating.store([USD, RateOfDay("EUR", "PLN", Decimal(0), DAY)], source="typed")
    assert _rows() == []


def test_a_rate_cures_the_alert_about_it():
    subject = updating.pair_subject("USD", "EUR")
    raise_alert(kind=AlertKind.EXCHANGE_RATE, subject=subject, message="missing")

    updating.store([USD], source="typed")

    assert Alert.objects.filter(resolved_at__isnull=True).count() == 0


def test_an_address_is_asked_when_it_is_due(settings):
    settings.CDKEYS_RATES_SECONDS = 3600.0
    with Wire(answer(ECB)) as wire:
        settings.CDKEYS_RATES_URL = f"{wire.url}/daily.xml"

        assert [updating.fetch_when_due() for _ in range(2)] == [2, 0]
        ExchangeRate.objects.update(created_at=timezone.now() - dt.timedelta(seconds=3601))
        assert updating.fetch_when_due() == 2

        assert len(wire.requests) == 2


def test_without_an_address_nobody_is_asked():
    assert updating.fetch_when_due() == 0


@pytest.mark.parametrize("status", ["404 Not Found", "503 Busy"])
def test_an_address_that_refuses_says_so(status):
    with (
        Wire(answer(b"", status)) as wire,
        pytest.raises(InvalidInput, match=rf"could not be read \({status[:3]}\)"),
    ):
        updating.fetch(wire.url)


def test_an_address_where_nobody_is():
    url = f"http://127.0.0.1:{closed_port()}"
    with pytest.raises(InvalidInput, match=r"could not be read \(ConnectError\)") as caught:
        updating.fetch(url)
    assert caught.value.field == "url"
