"""A moment after which a request must not leave any more."""

from __future__ import annotations

import time


class Deadline:
    """So many seconds from now, by whichever clock ran further.

    A process that is stopped, or a machine that sleeps, comes back with one of its clocks behind.
    """

    __slots__ = ("_monotonic", "_seconds", "_wall")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._monotonic = time.monotonic()
        self._wall = time.time()

    @property
    def has_passed(self) -> bool:
        gone = max(time.monotonic() - self._monotonic, time.time() - self._wall)
        return gone > self._seconds
