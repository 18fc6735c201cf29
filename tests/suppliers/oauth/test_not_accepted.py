"""Tokens and credentials that are not accepted."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, NotSent, SupplierError
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.oauth.calling import NO, OK, SECRET, buy, calls_of, opened, read, token_told
from tests.suppliers.wire import Wire, answer


def test_a_read_is_asked_once_more_with_another_token():
    with Wire(token_told(), OK, NO, token_told("tok-2"), OK, OK) as wire:
        read(wire)
        assert read(wire) == {"fine": True}
        read(wire)
    assert calls_of(wire)[2:] == [
        "/things tok-1",
        "/oauth/token",
        "/things tok-2",
        "/things tok-2",
    ]


def test_a_read_that_is_refused_twice_is_a_problem_of_the_account():
    with Wire(token_told(), NO, token_told("tok-2"), NO) as wire, opened(wire) as api:
        with pytest.raises(AccountProblem) as caught:
            api.read("/things")
        assert_tells_nothing(caught.value, ["tok-1", "tok-2", SECRET])
    assert len(wire.requests) == 4


def test_what_another_worker_fetched_meanwhile_is_taken():
    answers = [token_told(), OK, NO, token_told("tok-2"), OK, NO, OK]
    with Wire(*answers) as wire, opened(wire) as slow, opened(wire) as quick:
        slow.read("/things")
        quick.read("/things")
        # Its own is still the first, and the shared one is the second.
        slow.read("/things")
    assert calls_of(wire)[2:] == [
        "/things tok-1",
        "/oauth/token",
        "/things tok-2",
        "/things tok-1",
        "/things tok-2",
    ]


def test_an_order_is_not_sent_again_with_another_token():
    with Wire(token_told(), OK, NO, token_told("tok-2"), OK) as wire:
        read(wire)
        with opened(wire) as api:
            with pytest.raises(NotSent) as caught:
                buy(api)
            assert_tells_nothing(caught.value, ["tok-1", SECRET])
            assert calls_of(wire)[2:] == ["/orders tok-1"]
            assert buy(api) == {"fine": True}
    assert calls_of(wire)[3:] == ["/oauth/token", "/orders tok-2"]


def test_an_order_refused_with_a_fresh_token_is_a_problem_of_the_account():
    with Wire(token_told(), NO) as wire, opened(wire) as api:
        with pytest.raises(AccountProblem) as caught:
            buy(api)
        assert_tells_nothing(caught.value, ["tok-1", SECRET])
    assert calls_of(wire) == ["/oauth/token", "/orders tok-1"]


@pytest.mark.parametrize(
    ("lives", "pause", "expected"),
    [
        ([1158], 59, AccountProblem),
        # Fetched a while ago, or at the end of its life.
        ([1158], 61, NotSent),
        ([3, 3], 0, NotSent),
    ],
)
def test_only_a_fresh_token_accuses_the_account(clock, lives, pause, expected):
    tokens = [token_told(expires_in=life) for life in lives]
    with Wire(*tokens, NO) as wire, opened(wire) as api:
        api._tokens.current()
        clock.now += pause
        with pytest.raises(SupplierError) as caught:
            buy(api)
    assert type(caught.value) is expected
    assert calls_of(wire)[-1] == "/orders tok-1"


@pytest.mark.parametrize(
    "told",
    [
        answer(b'{"error": "invalid_client"}', "401 Unauthorized"),
        answer(b'{"error": "invalid_client"}', "400 Bad Request"),
        answer(b"<html>", "403 Forbidden"),
        answer(b"<html>", "404 Not Found"),
    ],
    ids=["401", "400", "403", "404"],
)
def test_credentials_that_are_not_accepted_are_a_problem_of_the_account(told):
    with Wire(told) as wire, opened(wire) as api:
        for call in (lambda: api.read("/things"), lambda: buy(api)):
            with pytest.raises(AccountProblem) as caught:
                call()
            assert_tells_nothing(caught.value, [SECRET, "invalid_client"])
    assert calls_of(wire) == ["/oauth/token"] * 2
