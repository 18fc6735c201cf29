"""All workers of an account share a token, sealed in the cache."""

from __future__ import annotations

from django.core.cache import cache

from tests.suppliers.oauth.calling import OK, SECRET, calls_of, opened, read, token_told
from tests.suppliers.wire import Wire


def test_a_token_is_asked_for_with_the_credentials_in_the_body():
    with Wire(token_told(), OK) as wire:
        assert read(wire) == {"fine": True}
    head, _blank, body = wire.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /oauth/token HTTP")
    assert SECRET.encode() not in head
    assert body == b"grant_type=client_credentials&client_id=c+%C3%BC&client_secret=secret-0815"
    assert calls_of(wire)[1] == "/things tok-1"


def test_all_workers_share_a_token():
    with Wire(token_told(), OK) as wire:
        for _worker in range(3):
            read(wire)
    assert calls_of(wire) == ["/oauth/token", *["/things tok-1"] * 3]


def test_accounts_and_credentials_share_nothing():
    with Wire(token_told("tok-1"), OK, token_told("tok-2"), OK, token_told("tok-3"), OK) as wire:
        read(wire)
        read(wire, account="a2")
        read(wire, secret="another")
    assert [call for call in calls_of(wire) if "things" in call] == [
        "/things tok-1",
        "/things tok-2",
        "/things tok-3",
    ]


def test_without_an_account_nothing_is_shared():
    with Wire(token_told(), OK, token_told("tok-2"), OK) as wire:
        read(wire, account="")
        read(wire, account="")
    assert calls_of(wire)[3] == "/things tok-2"


def test_in_the_cache_a_token_is_sealed(monkeypatch):
    stored = {}
    put = cache.set

    def watch(key, value, timeout=None):
        stored[key] = (value, timeout)
        put(key, value, timeout=timeout)

    monkeypatch.setattr(cache, "set", watch)
    with Wire(token_told(), OK) as wire:
        read(wire)

    ((key, (value, timeout)),) = stored.items()
    assert key.startswith("cdkeys:supplier:a1:token:")
    assert isinstance(value, bytes)
    assert b"tok-1" not in value
    assert SECRET not in key
    # The seconds it has left, but for the last few.
    assert timeout == 1153


def test_what_does_not_open_counts_as_none(monkeypatch, caplog):
    with Wire(token_told(), OK, token_told("tok-2"), OK) as wire:
        read(wire)
        monkeypatch.setattr(cache, "get", lambda *_args: b"\x01\x02k1" + b"x" * 40)
        read(wire)
    assert calls_of(wire)[3] == "/things tok-2"
    assert "The cache that shares access tokens failed: SealBroken" in caplog.text


def test_a_cache_that_is_away_costs_a_token_and_nothing_else(monkeypatch, caplog):
    def away(*_args, **_kwargs):
        raise ConnectionError("redis://user:secret@cache tok-1")

    for name in ("get", "set", "delete", "add", "incr"):
        monkeypatch.setattr(cache, name, away)
    with Wire(token_told(), OK, OK, token_told("tok-2"), OK) as wire:
        with opened(wire) as api:
            api.read("/things")
            api.read("/things")
        read(wire)
    assert calls_of(wire) == [
        "/oauth/token",
        "/things tok-1",
        "/things tok-1",
        "/oauth/token",
        "/things tok-2",
    ]
    assert "tok-1" not in caplog.text
