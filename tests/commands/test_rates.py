"""`cdkeys_rates`: what it takes in, and what it says of what there is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.models import ExchangeRate, KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.commands.calling import call
from tests.exchange.test_reading import ECB
from tests.factories.cdkeys import buy, make_key_product
from tests.suppliers.wire import Wire, answer, closed_port

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
DAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _lasting(settings):
    """The rates of the ECB's example last until somebody says otherwise."""
    settings.CDKEYS_RATE_MAX_AGE_DAYS = 100_000


def _rows():
    rows = ExchangeRate.objects.order_by("currency")
    return [(row.base, row.currency, row.rate, row.date, row.source) for row in rows]


def test_without_rates_it_says_so():
    said = call("cdkeys_rates")
    assert (said.code, said.out) == (0, "There are no exchange rates.\n")


def test_a_file(tmp_path):
    path = tmp_path / "eurofxref-daily.xml"
    path.write_bytes(ECB)

    said = call("cdkeys_rates", "--file", str(path))

    assert _rows() == [
        ("EUR", "JPY", Decimal("163.27"), DAY, path.name),
        ("EUR", "USD", Decimal("1.0843"), DAY, path.name),
    ]
    assert [
        line.split() for line in said.out.splitlines() if "EUR" in line or "stored" in line
    ] == [
        ["2", "rates", "are", "stored."],
        ["EUR", "163.27", "JPY", "2026-11-24", path.name],
        ["EUR", "1.0843", "USD", "2026-11-24", path.name],
    ]


def test_a_csv_file_and_what_it_does_not_say(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("currency,rate\nUSD,1.25\n")

    call("cdkeys_rates", "--file", str(path), "--base", "gbp", "--date", "2026-11-20")

    assert _rows() == [("GBP", "USD", Decimal("1.25"), dt.date(2026, 11, 20), "rates.csv")]


def test_an_address():
    with Wire(answer(ECB)) as wire:
        said = call("cdkeys_rates", "--url", wire.url)
        assert {source for *_rate, source in _rows()} == {wire.url}
    assert said.code == 0


def test_the_address_that_is_set_is_asked_now(settings):
    with Wire(answer(ECB)) as wire:
        settings.CDKEYS_RATES_URL = wire.url
        said = call("cdkeys_rates", "--update")
        assert {source for *_rate, source in _rows()} == {wire.url}
    assert (said.code, said.text.startswith("2 rates are stored.")) == (0, True)


def test_by_hand():
    said = call("cdkeys_rates", "--set", "USD=1.0843", "--set", "pln=4.25")

    assert said.text.startswith("2 rates are stored.")
    assert _rows() == [
        ("EUR", "PLN", Decimal("4.25"), TODAY, "by hand"),
        ("EUR", "USD", Decimal("1.0843"), TODAY, "by hand"),
    ]


def test_what_is_too_old_is_told(settings):
    settings.CDKEYS_RATE_MAX_AGE_DAYS = 5
    six_days_ago = (TODAY - dt.timedelta(days=6)).isoformat()
    call("cdkeys_rates", "--set", "USD=1.0843")

    said = call("cdkeys_rates", "--set", "PLN=4.25", "--date", six_days_ago)

    assert f"EUR 4.25 PLN {six_days_ago} by hand too old" in said.text
    assert f"EUR 1.0843 USD {TODAY} by hand 1 rate is too old" in said.text
    assert said.text.endswith("1 rate is too old: nothing is bought by it.")
    assert call("cdkeys_rates", "--list").text.endswith("nothing is bought by it.")


def test_orders_that_waited_for_a_rate_are_looked_at_again(channel):
    buy(channel=channel, lines=[(make_key_product(channel=channel), 1)])
    KeyOrder.objects.update(
        status=KeyOrderStatus.WAITING, reason=Reason.CURRENCY_MISMATCH, next_run_at=None
    )

    call("cdkeys_rates", "--set", "USD=1.0843")

    assert KeyOrder.objects.get().next_run_at <= timezone.now()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--set", "USD=1", "--set", "USD=2"), "USD stands there twice."),
        (("--set", "USD=0"), "USD: A rate is greater than 0"),
        (("--set", "USD=1", "--base", "euro"), "A currency has three capital letters"),
        (("--set", "USD=1", "--date", "2999-01-01"), "The date lies in the future."),
        (("--set", "USD"), "USD is no rate; write it as USD=1.0843"),
        (("--set", "USD=1", "--date", "24.11.2026"), "24.11.2026 is no day"),
        (("--update",), "No address is set in CDKEYS_RATES_URL."),
        (("--update", "--set", "USD=1"), "not allowed with argument --update"),
        (("--set", "USD=1", "--file", "x"), "not allowed with argument --set"),
        (("--file", "nowhere.xml"), "nowhere.xml: No such file or directory"),
        (("--url", f"http://127.0.0.1:{closed_port()}"), "could not be read (ConnectError)"),
    ],
)
def test_what_cannot_be_used_stores_nothing(arguments, text):
    said = call("cdkeys_rates", *arguments)

    assert said.code == 1
    assert text in said.err
    assert _rows() == []
