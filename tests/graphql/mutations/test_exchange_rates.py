"""Exchange rates over GraphQL: typed by hand, or in a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from saleor_cdkeys.exchange.reading import MAX_BYTES
from saleor_cdkeys.models import ExchangeRate, KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.exchange.test_reading import ECB
from tests.factories import make_app
from tests.factories.cdkeys import buy, key_orders, make_key_product
from tests.graphql.client import Api
from tests.graphql.mutations.conftest import everything_stored
from tests.graphql.mutations.documents import RATES_IMPORT, RATES_SET

TODAY = timezone.now().date()
RATES = {
    "base": "EUR",
    "date": TODAY.isoformat(),
    "rates": [{"currency": "USD", "rate": "1.0843"}, {"currency": "pln", "rate": "4.2512345678"}],
}


def _rows():
    rows = ExchangeRate.objects.order_by("currency")
    return [(row.base, row.currency, row.rate, row.date, row.source) for row in rows]


def test_rates_are_set_by_hand(mutate, staff):
    payload = mutate(RATES_SET, input=RATES)

    told = {"base": "EUR", "date": TODAY.isoformat(), "source": staff.email, "isTooOld": False}
    assert payload == {
        "cdKeyExchangeRates": [
            {**told, "currency": "PLN", "rate": 4.2512345678},
            {**told, "currency": "USD", "rate": 1.0843},
        ],
        "errors": [],
    }
    assert _rows() == [
        ("EUR", "PLN", Decimal("4.2512345678"), TODAY, staff.email),
        ("EUR", "USD", Decimal("1.0843"), TODAY, staff.email),
    ]


def test_an_app_is_named_as_their_source(db):
    api = Api(app=make_app(["plugins.manage_plugins"], name="Rates bot"))
    api.data(RATES_SET, {"input": RATES})
    assert {row.source for row in ExchangeRate.objects.all()} == {"Rates bot"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"rates": []}, ("rates", "REQUIRED")),
        ({"rates": RATES["rates"] * 2}, ("rates", "INVALID")),
        ({"rates": [{"currency": "USD", "rate": "0"}]}, ("rates", "INVALID")),
        ({"rates": [{"currency": "US$", "rate": "1"}]}, ("rates", "INVALID")),
        ({"base": "€"}, ("base", "INVALID")),
        ({"date": "2999-01-01"}, ("date", "INVALID")),
    ],
)
def test_what_can_be_no_rate_is_refused(refused, changed, expected):
    assert refused(RATES_SET, input={**RATES, **changed}) == [expected]


def test_orders_that_waited_for_a_rate_are_looked_at_again(mutate, channel):
    product = make_key_product(channel=channel)
    (row,) = key_orders(buy(channel=channel, lines=[(product, 1)]))
    KeyOrder.objects.update(
        status=KeyOrderStatus.WAITING, reason=Reason.CURRENCY_MISMATCH, next_run_at=None
    )

    mutate(RATES_SET, input=RATES)

    row.refresh_from_db()
    assert row.next_run_at <= timezone.now()


def _upload(api, content, **options):
    file = SimpleUploadedFile("daily.xml", content)
    answer = api.upload(
        RATES_IMPORT, {"input": {"file": None, **options}}, files={"input.file": file}
    )
    assert answer.errors == []
    return answer.data["cdKeyExchangeRatesImport"]


def test_the_ecbs_file_is_taken_in_as_it_is(api):
    payload = _upload(api, ECB)

    day = dt.date(2026, 11, 24)
    assert (payload["count"], payload["errors"]) == (2, [])
    assert [rate["currency"] for rate in payload["cdKeyExchangeRates"]] == ["JPY", "USD"]
    assert _rows() == [
        ("EUR", "JPY", Decimal("163.27"), day, "daily.xml"),
        ("EUR", "USD", Decimal("1.0843"), day, "daily.xml"),
    ]


@pytest.mark.parametrize(
    ("options", "base", "day"),
    [
        ({}, "EUR", TODAY),
        ({"base": None, "date": None}, "EUR", TODAY),
        ({"base": "GBP", "date": "2026-11-20"}, "GBP", dt.date(2026, 11, 20)),
    ],
)
def test_what_a_csv_file_does_not_say_is_told_with_it(api, options, base, day):
    assert _upload(api, b"currency,rate\nUSD,1.25\n", **options)["errors"] == []
    assert _rows() == [(base, "USD", Decimal("1.25"), day, "daily.xml")]


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (b"currency,rate\nUSD,x\n", "INVALID", "line 2: a rate is a number"),
        (b"<html></html>", "INVALID", "The file holds no exchange rates."),
        (b" " * (MAX_BYTES + 1), "TOO_LARGE", "The file is too large"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(api, content, code, text):
    before = everything_stored()

    payload = _upload(api, content)

    (error,) = payload["errors"]
    assert (error["field"], error["code"]) == ("file", code)
    assert error["message"].startswith(text)
    assert (payload["count"], payload["cdKeyExchangeRates"]) == (None, None)
    assert everything_stored() == before


def test_a_request_without_its_file_is_refused(refused):
    assert refused(RATES_IMPORT, input={"file": "0"}) == [("file", "REQUIRED")]
