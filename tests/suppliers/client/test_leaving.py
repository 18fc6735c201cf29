"""Did a request leave? And if it did: is it clear what became of it?"""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, Busy, NotSent, OutcomeUnknown, TryLater
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.http import SupplierClient
from tests.suppliers.client.answers import BODY
from tests.suppliers.wire import Wire, answer, closed_port, head, reset


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
