"""How long an answer is waited for, and how large it may be."""

from __future__ import annotations

import gzip
import time

import pytest

from saleor_cdkeys.suppliers import http
from saleor_cdkeys.suppliers.base import OutcomeUnknown, TryLater
from tests.suppliers.client.answers import BODY, CODE
from tests.suppliers.wire import Wire, answer, drip, half, head, silent


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
