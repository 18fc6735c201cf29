"""When a mail that was not taken is tried again. Pure."""

from __future__ import annotations

import datetime as dt
import random

_FIRST = 60.0
_FACTOR = 3.0
_LONGEST = 6 * 3600.0

#: Until a person may have set up the mail server, or decided about what is kept back.
NOT_NOW = dt.timedelta(minutes=10)


def wait(*, attempt: int) -> dt.timedelta:
    """How long to wait after the n-th attempt: one minute, three, nine … at most six hours.

    A fifth more or less by chance, so that a mail server that comes back is not met by all at once.
    """
    seconds = min(_FIRST * _FACTOR ** (attempt - 1), _LONGEST)
    return dt.timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 (no secret)
