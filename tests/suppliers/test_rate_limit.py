"""An account is asked by all its workers together only as often as its supplier wants."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from saleor_cdkeys.suppliers import rate_limit
from saleor_cdkeys.suppliers.rate_limit import Gate, Rate


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """A clock to be set: 10 seconds into a window of 60."""
    cache.clear()
    clock = {"now": 600_010.0}
    monkeypatch.setattr(rate_limit.time, "time", lambda: clock["now"])
    return clock


def test_calls_beyond_the_rate_wait_for_the_next_window(now):
    gates = [Gate(account="a", rates=[Rate(3, 60)]) for _worker in range(2)]

    waits = [gates[number % 2].seconds_to_wait() for number in range(4)]

    assert waits == [0, 0, 0, 50]
    now["now"] += 50
    assert gates[0].seconds_to_wait() == 0


def test_every_rate_counts():
    gate = Gate(account="a", rates=[Rate(100, 60), Rate(1, 1)])
    assert [gate.seconds_to_wait() for _ in range(2)] == [0, 1]


def test_accounts_do_not_hinder_each_other():
    Gate(account="a", rates=[Rate(1, 60)]).seconds_to_wait()
    assert Gate(account="b", rates=[Rate(1, 60)]).seconds_to_wait() == 0


def test_all_workers_leave_a_supplier_alone_as_long_as_it_asked(now):
    Gate(account="a").pause(7)

    assert Gate(account="a").seconds_to_wait() == 7
    now["now"] += 7.5
    assert Gate(account="a").seconds_to_wait() == 0


def test_without_an_account_nothing_is_counted():
    gate = Gate(account="", rates=[Rate(1, 60)])
    gate.pause(7)
    assert [gate.seconds_to_wait() for _ in range(3)] == [0, 0, 0]


def test_a_cache_that_is_away_stops_nobody(monkeypatch, caplog):
    def away(*_args, **_kwargs):
        raise ConnectionError("redis://user:secret@cache")

    for name in ("get", "add", "incr", "set"):
        monkeypatch.setattr(cache, name, away)
    gate = Gate(account="a", rates=[Rate(1, 60)])

    gate.pause(7)

    assert [gate.seconds_to_wait() for _ in range(2)] == [0, 0]
    assert "ConnectionError" in caplog.text
    assert "secret" not in caplog.text
