from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_cdkeys.backoff import backoff


@given(st.integers(0, 10**6))
def test_a_pause_is_never_shorter_nor_longer_than_its_bounds(attempts):
    expected = min(30 * 2 ** min(attempts, 20), 3600)
    pause = backoff(attempts).total_seconds()
    assert 0.8 * expected - 0.001 <= pause <= 1.2 * expected + 0.001


@given(st.integers(0, 100), st.floats(0.1, 100), st.floats(0.1, 10_000))
def test_the_bounds_may_be_others(attempts, base, longest):
    pause = backoff(attempts, base=base, longest=longest)
    assert pause <= dt.timedelta(seconds=longest * 1.2 + 0.001)
    assert pause >= dt.timedelta(seconds=min(base, longest) * 0.8 - 0.001)


@pytest.mark.parametrize(
    ("attempts", "middle"), [(0, 30), (1, 60), (2, 120), (6, 1920), (7, 3600), (99, 3600)]
)
def test_pauses_double_until_they_are_an_hour(attempts, middle, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda low, high: 1.0)
    assert backoff(attempts) == dt.timedelta(seconds=middle)


def test_those_who_failed_together_do_not_come_back_together():
    assert len({backoff(3) for _time in range(50)}) > 40
