"""Access tokens: one for all workers of an account, sealed, and replaced when they end."""

from __future__ import annotations

import dataclasses
import json
from contextlib import closing, contextmanager

import pytest
from django.core.cache import cache

from saleor_cdkeys.suppliers import oauth
from saleor_cdkeys.suppliers.base import AccountProblem, Busy, NotSent, SupplierError, TryLater
from saleor_cdkeys.suppliers.http import SupplierClient
from saleor_cdkeys.suppliers.oauth import BearerClient, Tokens
from saleor_cdkeys.suppliers.rate_limit import Rate
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.wire import Wire, answer

SECRET = "secret-0815"
OK = answer(b'{"fine": true}')
NO = answer(b'{"error": "invalid_token"}', "401 Unauthorized")


def _token(value: str = "tok-1", **told):
    body = {"access_token": value, "token_type": "bearer", "expires_in": 1158, **told}
    return answer(json.dumps(body).encode())


@dataclasses.dataclass
class _Clock:
    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = _Clock()
    monkeypatch.setattr(oauth, "time", clock)
    return clock


@contextmanager
def _open(wire: Wire, *, account: str = "a1", secret: str = SECRET, rates=()):
    client = SupplierClient(base_url=wire.url, headers={}, account=account)
    form = {"grant_type": "client_credentials", "client_id": "c ü", "client_secret": secret}
    tokens = Tokens(
        client,
        account=account,
        path="/oauth/token",
        form=form,
        credentials=(wire.url, "c ü", secret),
        rates=rates,
    )
    with closing(BearerClient(client, tokens)) as api:
        yield api


def _read(wire: Wire, **options):
    with _open(wire, **options) as api:
        return api.read("/things").body


def _buy(api: BearerClient):
    return api.buy("/orders", body={"n": 1}, keep=lambda _raw: None).body


def _calls(wire: Wire) -> list[str]:
    """What was asked: the path, and with which token."""
    told = []
    for request in wire.requests:
        lines = request.decode().split("\r\n")
        given = [line.split(" ")[-1] for line in lines if line.lower().startswith("authoriz")]
        told.append(" ".join([lines[0].split(" ")[1], *given]))
    return told


def test_a_token_is_asked_for_with_the_credentials_in_the_body():
    with Wire(_token(), OK) as wire:
        assert _read(wire) == {"fine": True}
    head, _blank, body = wire.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /oauth/token HTTP")
    assert SECRET.encode() not in head
    assert body == b"grant_type=client_credentials&client_id=c+%C3%BC&client_secret=secret-0815"
    assert _calls(wire)[1] == "/things tok-1"


def test_all_workers_share_a_token():
    with Wire(_token(), OK) as wire:
        for _worker in range(3):
            _read(wire)
    assert _calls(wire) == ["/oauth/token", *["/things tok-1"] * 3]


def test_accounts_and_credentials_share_nothing():
    with Wire(_token("tok-1"), OK, _token("tok-2"), OK, _token("tok-3"), OK) as wire:
        _read(wire)
        _read(wire, account="a2")
        _read(wire, secret="another")
    assert [call for call in _calls(wire) if "things" in call] == [
        "/things tok-1",
        "/things tok-2",
        "/things tok-3",
    ]


def test_without_an_account_nothing_is_shared():
    with Wire(_token(), OK, _token("tok-2"), OK) as wire:
        _read(wire, account="")
        _read(wire, account="")
    assert _calls(wire)[3] == "/things tok-2"


def test_in_the_cache_a_token_is_sealed(monkeypatch):
    stored = {}
    put = cache.set

    def watch(key, value, timeout=None):
        stored[key] = (value, timeout)
        put(key, value, timeout=timeout)

    monkeypatch.setattr(cache, "set", watch)
    with Wire(_token(), OK) as wire:
        _read(wire)

    ((key, (value, timeout)),) = stored.items()
    assert key.startswith("cdkeys:supplier:a1:token:")
    assert isinstance(value, bytes)
    assert b"tok-1" not in value
    assert SECRET not in key
    # The seconds it has left, but for the last few.
    assert timeout == 1153


def test_what_does_not_open_counts_as_none(monkeypatch, caplog):
    with Wire(_token(), OK, _token("tok-2"), OK) as wire:
        _read(wire)
        monkeypatch.setattr(cache, "get", lambda *_args: b"\x01\x02k1" + b"x" * 40)
        _read(wire)
    assert _calls(wire)[3] == "/things tok-2"
    assert "The cache that shares access tokens failed: SealBroken" in caplog.text


def test_a_cache_that_is_away_costs_a_token_and_nothing_else(monkeypatch, caplog):
    def away(*_args, **_kwargs):
        raise ConnectionError("redis://user:secret@cache tok-1")

    for name in ("get", "set", "delete", "add", "incr"):
        monkeypatch.setattr(cache, name, away)
    with Wire(_token(), OK, OK, _token("tok-2"), OK) as wire:
        with _open(wire) as api:
            api.read("/things")
            api.read("/things")
        _read(wire)
    assert _calls(wire) == [
        "/oauth/token",
        "/things tok-1",
        "/things tok-1",
        "/oauth/token",
        "/things tok-2",
    ]
    assert "tok-1" not in caplog.text


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
    with Wire(answer(json.dumps(told).encode()), OK, OK, OK, OK) as wire, _open(wire) as api:
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
    with Wire(answer(json.dumps(body).encode())) as wire, _open(wire) as api:
        with pytest.raises(TryLater) as caught:
            api.read("/things")
        assert_tells_nothing(caught.value, ["tok-1", SECRET])
        with pytest.raises(NotSent):
            _buy(api)
    assert set(_calls(wire)) == {"/oauth/token"}


def test_a_token_that_is_over_is_replaced(clock):
    answers = [_token(expires_in=60), OK, OK, _token("tok-2"), OK]
    with Wire(*answers) as wire, _open(wire, account="") as api:
        api.read("/things")
        clock.now += 54
        api.read("/things")
        clock.now += 2
        api.read("/things")
    assert _calls(wire)[2:] == ["/things tok-1", "/oauth/token", "/things tok-2"]


# --- When it is not accepted ---------------------------------------------------------------------


def test_a_read_is_asked_once_more_with_another_token():
    with Wire(_token(), OK, NO, _token("tok-2"), OK, OK) as wire:
        _read(wire)
        assert _read(wire) == {"fine": True}
        _read(wire)
    assert _calls(wire)[2:] == [
        "/things tok-1",
        "/oauth/token",
        "/things tok-2",
        "/things tok-2",
    ]


def test_a_read_that_is_refused_twice_is_a_problem_of_the_account():
    with Wire(_token(), NO, _token("tok-2"), NO) as wire, _open(wire) as api:
        with pytest.raises(AccountProblem) as caught:
            api.read("/things")
        assert_tells_nothing(caught.value, ["tok-1", "tok-2", SECRET])
    assert len(wire.requests) == 4


def test_what_another_worker_fetched_meanwhile_is_taken():
    answers = [_token(), OK, NO, _token("tok-2"), OK, NO, OK]
    with Wire(*answers) as wire, _open(wire) as slow, _open(wire) as quick:
        slow.read("/things")
        quick.read("/things")
        # Its own is still the first, and the shared one is the second.
        slow.read("/things")
    assert _calls(wire)[2:] == [
        "/things tok-1",
        "/oauth/token",
        "/things tok-2",
        "/things tok-1",
        "/things tok-2",
    ]


def test_an_order_is_not_sent_again_with_another_token():
    with Wire(_token(), OK, NO, _token("tok-2"), OK) as wire:
        _read(wire)
        with _open(wire) as api:
            with pytest.raises(NotSent) as caught:
                _buy(api)
            assert_tells_nothing(caught.value, ["tok-1", SECRET])
            assert _calls(wire)[2:] == ["/orders tok-1"]
            assert _buy(api) == {"fine": True}
    assert _calls(wire)[3:] == ["/oauth/token", "/orders tok-2"]


def test_an_order_refused_with_a_fresh_token_is_a_problem_of_the_account():
    with Wire(_token(), NO) as wire, _open(wire) as api:
        with pytest.raises(AccountProblem) as caught:
            _buy(api)
        assert_tells_nothing(caught.value, ["tok-1", SECRET])
    assert _calls(wire) == ["/oauth/token", "/orders tok-1"]


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
    tokens = [_token(expires_in=life) for life in lives]
    with Wire(*tokens, NO) as wire, _open(wire) as api:
        api._tokens.current()
        clock.now += pause
        with pytest.raises(SupplierError) as caught:
            _buy(api)
    assert type(caught.value) is expected
    assert _calls(wire)[-1] == "/orders tok-1"


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
    with Wire(told) as wire, _open(wire) as api:
        for call in (lambda: api.read("/things"), lambda: _buy(api)):
            with pytest.raises(AccountProblem) as caught:
                call()
            assert_tells_nothing(caught.value, [SECRET, "invalid_client"])
    assert _calls(wire) == ["/oauth/token"] * 2


def test_tokens_are_asked_for_only_so_often():
    with Wire(answer(b"{}")) as wire, _open(wire, rates=[Rate(2, 300)]) as api:
        for _number in range(2):
            with pytest.raises(TryLater):
                api.read("/things")
        with pytest.raises(TryLater) as caught:
            api.read("/things")
        assert 0 < caught.value.retry_after <= 300
        with pytest.raises(Busy) as caught:
            _buy(api)
        assert 0 < caught.value.retry_after <= 300
    assert len(wire.requests) == 2
