"""What a supplier said: a status and a body, read without letting any of it out."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

#: Nobody is waited for longer than this, in seconds, whatever they ask for.
_LONGEST_WAIT = 3600.0


class Answer:
    """A status and a parsed body. ``body`` is None where it is not JSON; amounts are Decimal."""

    __slots__ = ("body", "retry_after", "status")

    def __init__(self, *, status: int, retry_after: str | None, content: bytes) -> None:
        self.status = status
        self.retry_after = _seconds(retry_after)
        self.body: Any = readable(lambda: _parse(content))

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"


def readable(read: Callable[[], T]) -> T | None:
    """What ``read`` makes of an answer, or None where the answer is not as it should be.

    Reading does nothing but take apart what the supplier sent, so any error means that. Errors
    quote what they stumble over, so none leaves, not even as the context of another.
    """
    try:
        return read()
    except Exception:
        return None


def _parse(content: bytes) -> Any:
    return json.loads(content, parse_float=Decimal, parse_constant=_no_number)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _seconds(text: str | None) -> float | None:
    """``Retry-After`` in seconds; the form with a date is not worth a guess about clocks."""
    if text is None or not text.strip().isdecimal():
        return None
    return min(float(text), _LONGEST_WAIT)
