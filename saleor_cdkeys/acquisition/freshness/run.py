"""One run at one supplier: how much it may do, and what came of it."""

from __future__ import annotations

import time

#: Seconds, and mappings, of one supplier in one run, so that none of them keeps the others waiting.
#: The next run goes on where this one stopped.
SECONDS = 20.0
MAPPINGS = 5000

FIRST_BATCH = 50
_LARGEST_BATCH = 2000


class Run:
    """What is left to do, how many mappings were asked for, and whether any flag changed.

    Batches grow as long as there is time: one supplier tells a thousand products in a call, another
    wants a call for each, and a batch that is not answered in full has to be asked for anew.
    """

    def __init__(self, *, first_batch: int = FIRST_BATCH) -> None:
        self._until = time.monotonic() + SECONDS
        self._batch = first_batch
        self.asked_for = 0
        self.has_flagged = False

    @property
    def is_over(self) -> bool:
        return self.asked_for >= MAPPINGS or time.monotonic() >= self._until

    def next_batch(self) -> int:
        """How many mappings to ask for next."""
        size = min(self._batch, MAPPINGS - self.asked_for)
        self._batch = min(self._batch * 2, _LARGEST_BATCH)
        return size
