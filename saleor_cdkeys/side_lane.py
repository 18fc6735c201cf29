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


class SideLane:
    """CDKEYS_BUYING_THREADS threads at most. Each ends when nothing waits, with its connections."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew, without threads: what a forked process must do."""
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._threads: set[threading.Thread] = set()
        self._is_closed = False

    @property
    def is_busy(self) -> bool:
        """Whether something waits, or is under way."""
        with self._lock:
            return bool(self._threads)

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
                if len(self._threads) < most:
                    self._start()
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
        for thread in threads:
            thread.join()

    def _start(self) -> None:
        # Not a daemon: where nobody closes the lane, the process still waits for it.
        thread = threading.Thread(target=self._serve, name="cdkeys-side-lane", daemon=False)
        self._threads.add(thread)
        thread.start()

    def _serve(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads.discard(threading.current_thread())
                    break
                name = next(iter(self._waiting))
                work = self._waiting.pop(name)
            try:
                work()
            except Exception as error:
                log_failure(logger, f"Work of the side lane failed ({name})", error)
            close_old_connections()
        connections.close_all()


_lane = SideLane()
os.register_at_fork(after_in_child=_lane.reset)

do = _lane.do
close = _lane.close


def is_busy() -> bool:
    """Whether something waits, or is under way."""
    return _lane.is_busy
