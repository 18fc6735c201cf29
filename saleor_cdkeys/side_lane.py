"""A lane beside a worker's own, for what has to wait for suppliers.

A worker does few things at once, often as many as the machine has processors. An order whose
supplier takes its time must not hold up those that are served from stock, so it is run by a thread
beside: a thread that waits costs nothing. The tables stay the queue: what a process that ends had
not begun is still due, and found by the sweeper.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Hashable

from django.db import close_old_connections, connections

from saleor_cdkeys import conf
from saleor_cdkeys.failure_log import log_failure

logger = logging.getLogger(__name__)

#: What may wait for a thread, in each process. The rest is the sweeper's.
_ROOM = 1000
#: Seconds that a thread waits for more: beginning anew takes a new connection to the database.
_LINGER = 2.0


class SideLane:
    """CDKEYS_BUYING_THREADS threads at most. Each ends, with its connections, some seconds after
    the last work."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew, without threads: what a forked process must do."""
        self._lock = threading.Condition()
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._threads: set[threading.Thread] = set()
        self._idle = 0
        self._is_closed = False

    @property
    def is_busy(self) -> bool:
        """Whether something waits, or is under way."""
        with self._lock:
            return bool(self._waiting) or len(self._threads) > self._idle

    def __len__(self) -> int:
        """How much waits for a thread."""
        return len(self._waiting)

    def __contains__(self, name: Hashable) -> bool:
        """Whether work of that name waits for a thread."""
        return name in self._waiting

    def do(self, name: Hashable, work: Callable[[], object]) -> bool:
        """Have it done by a thread; here and now where there are to be none.

        False where work of that name waits already, or where there is no room for more.
        """
        most = int(conf.get("CDKEYS_BUYING_THREADS"))
        with self._lock:
            goes_beside = most > 0 and not self._is_closed
            if goes_beside:
                if name in self._waiting or len(self._waiting) >= _ROOM:
                    return False
                self._waiting[name] = work
                if self._idle >= len(self._waiting):
                    self._lock.notify()
                elif len(self._threads) < most and not self._start() and not self._threads:
                    del self._waiting[name]
                    goes_beside = False
        if not goes_beside:
            work()
        return True

    def close(self) -> None:
        """Wait for what is under way, and begin nothing more: an order that left for a supplier
        is to be heard of, rather than to be looked up later."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()
            threads = tuple(self._threads)
            self._lock.notify_all()
        for thread in threads:
            thread.join()

    def _start(self) -> bool:
        """Whether the system let us have another thread."""
        # Not a daemon: where nobody closes the lane, the process still waits for it.
        thread = threading.Thread(target=self._serve, name="cdkeys-side-lane", daemon=False)
        try:
            thread.start()
        except RuntimeError as error:
            log_failure(logger, "The side lane got no thread", error)
            return False
        self._threads.add(thread)
        return True

    def _serve(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
                close_old_connections()
            except Exception as error:
                log_failure(logger, "Work of the side lane failed", error)
                # One that is broken is opened anew by what comes next.
                connections.close_all()
        connections.close_all()

    def _next(self) -> Callable[[], object] | None:
        """What waits longest; None where the thread is to end."""
        with self._lock:
            if not self._waiting and not self._is_closed:
                self._idle += 1
                self._lock.wait(_LINGER)
                self._idle -= 1
            if self._waiting:
                return self._waiting.pop(next(iter(self._waiting)))
            self._threads.discard(threading.current_thread())
            return None


_lane = SideLane()
os.register_at_fork(after_in_child=_lane.reset)

do = _lane.do
close = _lane.close
