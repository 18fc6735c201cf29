"""The shared HTTP client: did it leave, how long is waited, and what nobody gets to see."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import time
from contextlib import closing

import httpx
import pytest

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers import http
from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    NotSent,
    OutcomeUnknown,
    SupplierError,
    TryLater,
)
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.http import SupplierClient
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.wire import Wire, answer, closed_port, drip, half, head, reset, silent

API_KEY = "client-secret-4711"
CODE = "AAAAA-BBBBB-CCCCC"
BODY = json.dumps({"code": CODE, "rest": "x" * 100}).encode()


@pytest.fixture
def call(kept):
    """Read from or buy at an address; what goes wrong must tell nothing."""

    def call(url, verb="buy", **options):
        client = SupplierClient(base_url=url, headers={"X-Api-Key": API_KEY})
        with closing(client):
            if verb == "read":
                return client.read("/orders", keep=kept.append, **options)
            return client.buy("/orders", body={"product": "P1"}, keep=kept.append, **options)

    return call


@pytest.fixture
def failure(call):
    def failure(expected, *args, **options):
        with pytest.raises(SupplierError) as caught:
            call(*args, **options)
        assert type(caught.value) is expected
        assert_tells_nothing(caught.value, [CODE, API_KEY])
        return caught.value

    return failure


@pytest.fixture(autouse=True)
def _logs_nothing(log):
    yield
    said = log.text + "".join(repr(vars(record)) for record in log.records)
    assert API_KEY not in said
    assert CODE not in said


# --- Did it leave? -------------------------------------------------------------------------------


def test_what_is_refused_at_the_door_never_left(failure):
    error = failure(NotSent, f"http://127.0.0.1:{closed_port()}")
    assert str(error) == "The supplier could not be reached."


def test_a_name_that_nobody_has_never_left(failure):
    failure(NotSent, "http://no-such-host.invalid")


def test_a_door_at_which_nobody_answers_never_left(failure):
    # A full queue of connections: further ones are not even refused.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _number in range(4)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(address)
        failure(NotSent, f"http://127.0.0.1:{address[1]}")
        for connection in waiting:
            connection.close()


def test_a_failed_handshake_never_left(failure):
    with Wire(answer(b"no TLS here")) as wire:
        failure(NotSent, wire.url.replace("http://", "https://"))


@pytest.mark.parametrize(
    "behaviour",
    [
        lambda connection: None,
        reset,
        lambda connection: connection.sendall(b"220 mail.example.com ESMTP\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 2"),
        lambda connection: connection.sendall(head(length=50)),
    ],
    ids=["closed", "reset", "another-protocol", "half-a-head", "no-body"],
)
def test_what_left_without_an_answer_is_unknown(failure, kept, behaviour):
    with Wire(behaviour) as wire:
        failure(OutcomeUnknown, wire.url)
    assert len(wire.requests) == 1
    assert kept == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("401 Unauthorized", AccountProblem),
        ("429 Too Many Requests", Busy),
        ("408 Request Timeout", OutcomeUnknown),
        ("302 Found", OutcomeUnknown),
        ("307 Temporary Redirect", OutcomeUnknown),
        ("500 Internal Server Error", OutcomeUnknown),
        ("502 Bad Gateway", OutcomeUnknown),
        ("503 Service Unavailable", OutcomeUnknown),
    ],
)
def test_a_status_that_says_what_was_done_or_not(failure, kept, status, expected):
    with Wire(answer(BODY, status, "Location: /elsewhere")) as wire:
        failure(expected, wire.url)
    assert len(wire.requests) == 1
    assert kept == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("401 Unauthorized", AccountProblem),
        ("429 Too Many Requests", TryLater),
        ("408 Request Timeout", TryLater),
        ("302 Found", TryLater),
        ("500 Internal Server Error", TryLater),
    ],
)
def test_the_same_where_nothing_is_bought(failure, status, expected):
    with Wire(answer(BODY, status, "Location: /elsewhere")) as wire:
        failure(expected, wire.url, "read")
    assert len(wire.requests) == 1


def test_other_refusals_are_for_the_adapter_to_read(call):
    with Wire(answer(b'{"error": "sold_out"}', "409 Conflict")) as wire:
        for verb in ("buy", "read"):
            given = call(wire.url, verb)
            assert (given.status, given.body) == (409, {"error": "sold_out"})


def test_a_redirect_takes_no_credentials_elsewhere(failure):
    with Wire(answer(b"{}")) as elsewhere, Wire() as wire:
        wire._behaviours = [answer(b"", "302 Found", f"Location: {elsewhere.url}/orders")]
        failure(TryLater, wire.url, "read")
        failure(OutcomeUnknown, wire.url)
    assert elsewhere.requests == []


def test_each_call_has_a_connection_of_its_own(kept):
    ports = set()

    def behave(connection):
        ports.add(connection.getpeername()[1])
        answer(b"{}")(connection)
        connection.settimeout(1)
        # The buyer hangs up: on a connection kept open this would be its next request.
        assert connection.recv(1) == b""

    with (
        Wire(behave) as wire,
        closing(SupplierClient(base_url=wire.url, headers={})) as client,
    ):
        client.read("/products/1")
        client.buy("/orders", body={}, keep=kept.append)
    assert len(ports) == 2


def test_what_is_held_up_does_not_leave(failure):
    with Wire(answer(b"{}")) as wire:
        failure(NotSent, wire.url, not_after=Deadline(-1))
    assert [request for request in wire.requests if request.strip()] == []


def test_what_is_in_time_leaves(call):
    with Wire(answer(b"{}")) as wire:
        assert call(wire.url, not_after=Deadline(60)).status == 200


# --- How long, and how much ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "behaviour",
    [
        silent,
        drip(head(length=5) + b"X" * 60),
        drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 10),
        drip(head("200 OK", "Transfer-Encoding: chunked") + b"1\r\nX\r\n" * 20, pause=0.03),
    ],
    ids=["nothing", "head", "headers", "chunks"],
)
@pytest.mark.parametrize(("verb", "expected"), [("buy", OutcomeUnknown), ("read", TryLater)])
def test_nobody_is_waited_for_beyond_the_limit(failure, behaviour, verb, expected):
    with Wire(behaviour) as wire:
        started = time.monotonic()
        error = failure(expected, wire.url, verb)
        took = time.monotonic() - started
    assert str(error) == "The supplier did not answer in time."
    assert 0.4 < took < 2


def test_an_answer_that_does_not_end_is_none(failure, kept, monkeypatch):
    monkeypatch.setattr(http, "_MAX_BODY", 10_000)
    with Wire(answer(b'"' + b"x" * 50_000 + b'"')) as wire:
        failure(OutcomeUnknown, wire.url)
        failure(TryLater, wire.url, "read")
    assert kept == []


def test_a_small_answer_may_not_unpack_to_a_large_one(failure, monkeypatch):
    monkeypatch.setattr(http, "_MAX_BODY", 10_000)
    packed = gzip.compress(b'"' + b"x" * 1_000_000 + b'"')
    assert len(packed) < 10_000
    with Wire(answer(packed, "200 OK", "Content-Encoding: gzip")) as wire:
        failure(OutcomeUnknown, wire.url)


def test_half_an_answer_is_kept(failure, kept):
    with Wire(half(BODY)) as wire:
        failure(OutcomeUnknown, wire.url)
    assert kept == [BODY[: len(BODY) // 2]]
    assert CODE.encode() in kept[0]


def test_what_came_before_the_time_was_over_is_kept(failure, kept):
    def behave(connection):
        connection.sendall(head(length=len(BODY)) + BODY[:60])
        silent(connection)

    with Wire(behave) as wire:
        failure(OutcomeUnknown, wire.url)
    assert kept == [BODY[:60]]


def test_a_packed_answer_that_breaks_off_is_unknown(failure):
    packed = gzip.compress(BODY)[:-10]
    with Wire(answer(b"\x00" + packed, "200 OK", "Content-Encoding: gzip")) as wire:
        failure(OutcomeUnknown, wire.url)


# --- What is read --------------------------------------------------------------------------------


def test_numbers_are_exact(call):
    with Wire(answer(b'{"price": 0.1, "small": 1e-7, "count": 3}')) as wire:
        body = call(wire.url, "read").body
    assert {name: str(value) for name, value in body.items()} == {
        "price": "0.1",
        "small": "1E-7",
        "count": "3",
    }
    assert not any(isinstance(value, float) for value in body.values())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("999999999", 3600.0),
        ("9" * 400, 3600.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_to_wait(failure, header, seconds):
    with Wire(answer(b"{}", "429 Too Many Requests", f"Retry-After: {header}")) as wire:
        assert failure(Busy, wire.url).retry_after == seconds


def test_an_answer_shows_nothing_of_itself(call):
    with Wire(answer(BODY)) as wire:
        given = call(wire.url)
    assert repr(given) == "<Answer 200>"
    assert not hasattr(given, "__dict__")


# --- What nobody gets to see ---------------------------------------------------------------------


def test_nothing_of_a_call_is_logged(call, log):
    with Wire(answer(BODY, "200 OK", f"Set-Cookie: session={CODE}")) as wire:
        call(wire.url, "read", params={"reference": "hidden"})
        call(wire.url)
    assert [record.name for record in log.records if record.name.startswith("http")] == []


def test_other_calls_of_the_same_process_are_logged_as_ever(call, log):
    with Wire(answer(b"{}")) as wire:
        call(wire.url)
        httpx.get(f"{wire.url}/theirs")
    said = [record for record in log.records if record.name == "httpx"]
    assert [record.levelno for record in said] == [logging.INFO]
    assert "/theirs" in said[0].getMessage()


def test_a_failed_call_leaves_no_quiet_behind(failure, log):
    failure(NotSent, f"http://127.0.0.1:{closed_port()}")
    with Wire(answer(b"{}")) as wire:
        httpx.get(wire.url)
    assert "httpx" in {record.name for record in log.records}


def test_this_machine_is_not_asked_through_a_proxy(call, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with Wire(answer(b"{}")) as wire:
        assert call(wire.url).status == 200
        assert call(wire.url.replace("127.0.0.1", "localhost")).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "supplier.example.com",
        "ftp://supplier.example.com",
        "https://",
        "https://user:secret-4711@supplier.example.com",
        "https://user@supplier.example.com",
        "http://[",
        "http://[::1",
        "http://a..b",
        f"http://{'a' * 64}.example.com",
        "http://white space",
        "http://\x00",
    ],
)
def test_an_address_that_cannot_be_used_is_named(address):
    with pytest.raises(ConfigurationError, match="address") as caught:
        SupplierClient(base_url=address, headers={})
    assert_tells_nothing(caught.value, ["secret-4711"])


@pytest.mark.parametrize("address", ["http://[::1]:1", "https://müller.example", "http://a.b./c"])
def test_an_address_may_have_any_form_that_can_be_looked_up(address):
    SupplierClient(base_url=f" {address} ", headers={}).close()


@pytest.mark.parametrize(
    "credential", ["secret-4711\r\nX-More: 1", "secret-4711\x00", "sécret-4711"]
)
def test_credentials_that_cannot_be_sent_are_not_repeated(credential):
    with pytest.raises(ConfigurationError, match="credentials") as caught:
        SupplierClient(base_url="https://example.com", headers={"X-Api-Key": credential})
    assert_tells_nothing(caught.value, [credential, "cret-4711"])
