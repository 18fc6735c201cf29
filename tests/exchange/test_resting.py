"""An address of exchange rates that fails is alerted, and left alone for ever longer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange import resting, updating
from saleor_cdkeys.models import Alert, ExchangeRate
from saleor_cdkeys.statuses import AlertKind
from tests.exchange.test_reading import ECB
from tests.suppliers.wire import Wire, answer

pytestmark = pytest.mark.django_db

DOWN = answer(b"", "503 Busy")


@pytest.fixture
def wire(settings):
    """It is down twice, then it works."""
    with Wire(DOWN, DOWN, answer(ECB)) as wire:
        settings.CDKEYS_RATES_URL = wire.url
        yield wire


def _open_alerts():
    alerts = Alert.objects.filter(resolved_at=None)
    return list(alerts.values_list("kind", "subject", "message", "count"))


def _rested(url: str) -> None:
    """The time in which it is left alone is over."""
    assert cache.delete(resting._key("rest", url))


def test_one_that_fails_is_not_asked_again_at_the_next_sweep(wire):
    assert [updating.fetch_when_due() for _sweep in range(3)] == [0, 0, 0]

    assert len(wire.requests) == 1
    assert _open_alerts() == [
        (
            AlertKind.EXCHANGE_RATE,
            updating.FETCH_SUBJECT,
            f"{wire.url} could not be read (503). It is asked again in 5 minutes; "
            "`manage.py cdkeys_rates --update` asks at once.",
            1,
        )
    ]


def test_it_is_left_alone_twice_as_long_each_time_and_then_works(wire):
    updating.fetch_when_due()
    _rested(wire.url)
    updating.fetch_when_due()
    ((_kind, _subject, message, count),) = _open_alerts()
    assert "asked again in 10 minutes" in message
    assert count == 2

    _rested(wire.url)
    assert updating.fetch_when_due() == 2

    assert _open_alerts() == []
    assert len(wire.requests) == 3


def test_what_was_counted_against_it_is_over_when_it_works(wire):
    updating.fetch_when_due()
    _rested(wire.url)
    updating.fetch_when_due()
    _rested(wire.url)
    updating.fetch_when_due()

    assert resting.take_turn(wire.url)
    assert resting.note_failure(wire.url) == 300


def test_it_is_left_alone_for_some_minutes_at_first_and_some_hours_at_most():
    lengths = [resting.note_failure("https://rates.example") for _failure in range(8)]
    assert lengths == [300, 600, 1200, 2400, 4800, 9600, 14400, 14400]


@pytest.mark.parametrize("content", [b"<html></html>", b""])
def test_what_gives_no_rates_fails_as_well(settings, content):
    with Wire(answer(content)) as wire:
        settings.CDKEYS_RATES_URL = wire.url
        assert [updating.fetch_when_due() for _sweep in range(2)] == [0, 0]
        assert len(wire.requests) == 1
    assert len(_open_alerts()) == 1


def test_by_hand_it_is_asked_at_once(wire):
    updating.fetch_when_due()
    with pytest.raises(InvalidInput, match=r"could not be read \(503\)"):
        updating.fetch_now()
    assert len(_open_alerts()) == 1

    assert updating.fetch_now() == 2

    assert _open_alerts() == []
    # The next time it is due it is asked, however long it was left alone before.
    ExchangeRate.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
    assert updating.fetch_when_due() == 2


def test_another_address_is_asked_at_once(wire, settings):
    updating.fetch_when_due()
    with Wire(answer(ECB)) as other:
        settings.CDKEYS_RATES_URL = other.url
        assert updating.fetch_when_due() == 2
    assert _open_alerts() == []


def test_another_address_that_is_asked_by_hand_cures_nothing(wire):
    updating.fetch_when_due()
    with Wire(answer(ECB)) as other:
        assert updating.fetch(other.url) == 2
    assert len(_open_alerts()) == 1


def test_without_an_address_there_is_none_to_ask_by_hand():
    with pytest.raises(InvalidInput, match="No address is set in CDKEYS_RATES_URL"):
        updating.fetch_now()


def _asked_meanwhile(monkeypatch, settings) -> int:
    """How often an address is asked that another worker is just asking."""
    with Wire(answer(ECB)) as wire:
        settings.CDKEYS_RATES_URL = wire.url
        get, has_other_asked = updating._get, []

        def get_slowly(url: str) -> bytes:
            if not has_other_asked:
                has_other_asked.append(True)
                updating.fetch_when_due()
            return get(url)

        monkeypatch.setattr(updating, "_get", get_slowly)
        assert updating.fetch_when_due() == 2
        return len(wire.requests)


def test_what_another_worker_is_asking_is_not_asked_twice(monkeypatch, settings):
    assert _asked_meanwhile(monkeypatch, settings) == 1


def test_without_the_turn_it_is_asked_twice(monkeypatch, settings):
    monkeypatch.setattr(resting, "take_turn", lambda _url: True)
    assert _asked_meanwhile(monkeypatch, settings) == 2


def test_a_cache_that_fails_lets_it_be_asked(wire, monkeypatch, caplog):
    for name in ("add", "incr", "set", "touch", "delete_many"):
        monkeypatch.setattr(cache, name, _broken)

    assert [updating.fetch_when_due() for _sweep in range(3)] == [0, 0, 2]

    assert _open_alerts() == []
    assert "The cache that tells when to ask for exchange rates failed" in caplog.text


def _broken(*_args, **_options):
    raise ConnectionError("The cache is down.")
