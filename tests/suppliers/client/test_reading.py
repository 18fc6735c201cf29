"""What is read of an answer."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.base import Busy
from tests.suppliers.client.answers import BODY
from tests.suppliers.wire import Wire, answer


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
