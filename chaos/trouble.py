"""What goes wrong around the workers, drawn by the seed: when, and whom it meets."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import psycopg
import redis

#: Seconds between two troubles of each sort, on the average.
_PACE = {"worker killed": 4.0, "Redis emptied": 15.0, "PostgreSQL crashed": 60.0}


@dataclasses.dataclass(slots=True)
class Trouble:
    """Call ``stir`` often: it does what is due. ``met`` counts what was done."""

    dice: random.Random
    kill_worker: Callable[[int], object]
    workers: int
    database_url: str
    redis_url: str
    met: Counter[str] = dataclasses.field(default_factory=Counter)
    _next: dict[str, float] = dataclasses.field(default_factory=dict)

    def stir(self) -> None:
        now = time.monotonic()
        for what, pace in _PACE.items():
            if what not in self._next:
                # Early, so that short runs meet each of them.
                self._next[what] = now + self.dice.uniform(0.05, 0.15) * pace
            elif self._next[what] <= now:
                self._next[what] = now + self.dice.uniform(0.5, 1.5) * pace
                self._do(what)
                self.met[what] += 1

    def _do(self, what: str) -> None:
        if what == "worker killed":
            self.kill_worker(self.dice.randrange(self.workers))
        elif what == "Redis emptied":
            redis.Redis.from_url(self.redis_url).flushall()
        else:
            self._crash_postgresql()

    def _crash_postgresql(self) -> None:
        """Kill one of its processes: it then throws out everybody, and recovers from its log."""
        with contextlib.suppress(psycopg.Error):
            connection = psycopg.connect(self.database_url, autocommit=True)
            os.kill(connection.info.backend_pid, signal.SIGKILL)
