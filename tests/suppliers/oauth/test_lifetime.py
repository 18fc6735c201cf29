"""How long a token lives, and how often one is asked for."""

from __future__ import annotations

import json

import pytest

from saleor_cdkeys.suppliers.base import Busy, NotSent, TryLater
from saleor_cdkeys.suppliers.rate_limit import Rate
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.oauth.calling import OK, SECRET, buy, calls_of, opened, token_told
from tests.suppliers.wire import Wire, answer


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"access_token": "tok-1", "token_type": "bearer", "expires_in": 1158}, 1153),
        ({"value": "tok-1", "tokenType": "bearer", "expiresIn": 1158}, 1153),
        ({"value": "tok-1", "expiresIn": 1158, "expiration": "2099-01-01T00:00:00Z"}, 1153),
        ({"value": "tok-1", "expiration": "2099-01-01T00:00:00.000Z"}, 86_395),
        ({"access_token": "tok-1", "expires_in": "600"}, 595),
        ({"access_token": "tok-1", "expires_in": 1e30}, 86_395),
        # Not told: about a minute.
        ({"access_token": "tok-1"}, 55),
        ({"value": "tok-1", "expiration": "2020-01-01T00:00:00Z"}, 0),
        ({"access_token": "tok-1", "expires_in": 3}, 0),
        ({"access_token": "tok-1", "expires_in": -1}, 0),
        ({"access_token": "tok-1", "expires_in": "NaN"}, 0),
    ],
)
def test_a_token_lives_as_long_as_it_says(clock, told, seconds):
    with Wire(answer(json.dumps(told).encode()), OK, OK, OK, OK) as wire, opened(wire) as api:
        token = api._tokens.current()
        assert token.value == "tok-1"
        assert token.over_at - clock.now == pytest.approx(seconds)


@pytest.mark.parametrize(
    "body",
    [
        {"access_token": None},
        {"access_token": ""},
        {"access_token": "two\nlines"},
        {"access_token": "ümlaut"},
        {"access_token": ["tok-1"]},
        {"access_token": "tok-1", "expires_in": "soon"},
        {"value": "tok-1", "expiration": "soon"},
        {"token": "tok-1"},
        ["tok-1"],
        "tok-1",
    ],
)
def test_a_token_that_cannot_be_read_is_asked_for_later(body):
    with Wire(answer(json.dumps(body).encode())) as wire, opened(wire) as api:
        with pytest.raises(TryLater) as caught:
            api.read("/things")
        assert_tells_nothing(caught.value, ["tok-1", SECRET])
        with pytest.raises(NotSent):
            buy(api)
    assert set(calls_of(wire)) == {"/oauth/token"}


def test_a_token_that_is_over_is_replaced(clock):
    answers = [token_told(expires_in=60), OK, OK, token_told("tok-2"), OK]
    with Wire(*answers) as wire, opened(wire, account="") as api:
        api.read("/things")
        clock.now += 54
        api.read("/things")
        clock.now += 2
        api.read("/things")
    assert calls_of(wire)[2:] == ["/things tok-1", "/oauth/token", "/things tok-2"]


def test_tokens_are_asked_for_only_so_often():
    with Wire(answer(b"{}")) as wire, opened(wire, rates=[Rate(2, 300)]) as api:
        for _number in range(2):
            with pytest.raises(TryLater):
                api.read("/things")
        with pytest.raises(TryLater) as caught:
            api.read("/things")
        assert 0 < caught.value.retry_after <= 300
        with pytest.raises(Busy) as caught:
            buy(api)
        assert 0 < caught.value.retry_after <= 300
    assert len(wire.requests) == 2
