"""The key that an address of exchange rates may hold stays in the settings."""

from __future__ import annotations

import logging

import pytest

from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange import updating
from saleor_cdkeys.exchange.addresses import shown
from saleor_cdkeys.models import Alert, ExchangeRate
from tests.exchange.test_reading import ECB
from tests.suppliers.wire import Wire, answer

SECRETS = ("app-id-4711", "password-4712")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://rates.example.com/daily.csv", "https://rates.example.com/daily.csv"),
        (
            "https://me:password-4712@rates.example.com:8443/d?app_id=app-id-4711#x",
            "https://rates.example.com:8443/d",
        ),
        ("http://[::1]:80/d", "http://[::1]:80/d"),
        ("https://rates.example.com:port/d", ""),
    ],
)
def test_what_is_shown(url, expected):
    assert shown(url) == expected


@pytest.fixture
def wire(settings):
    with Wire(answer(ECB), answer(b"", "503 Busy")) as wire:
        at = wire.url.removeprefix("http://")
        settings.CDKEYS_RATES_URL = f"http://me:password-4712@{at}/daily?app_id=app-id-4711"
        yield wire


def _is_told(text: str) -> bool:
    return any(secret in text for secret in SECRETS)


@pytest.mark.django_db
def test_neither_records_nor_alerts_nor_logs_hold_it(wire, settings, caplog):
    caplog.set_level(logging.DEBUG)

    assert updating.fetch_when_due() > 0
    with pytest.raises(InvalidInput) as refused:
        updating.fetch_now()
    settings.CDKEYS_RATES_SECONDS = 0
    updating.resting.note_success(settings.CDKEYS_RATES_URL)
    assert updating.fetch_when_due() == 0

    assert [_is_told(request.decode()) for request in wire.requests] == [True] * 3
    assert set(ExchangeRate.objects.values_list("source", flat=True)) == {f"{wire.url}/daily"}
    assert str(refused.value) == f"{wire.url}/daily could not be read (503)."
    assert not _is_told(Alert.objects.get().message)
    assert not _is_told(caplog.text)


@pytest.mark.django_db
def test_what_was_fetched_a_moment_ago_is_not_fetched_again(wire):
    assert updating.fetch_when_due() > 0
    assert updating.fetch_when_due() == 0
    assert len(wire.requests) == 1
