"""Ringing for a worker without waiting: the hooks' way to Celery.

A hook runs in the customer's checkout and must do no network call, and a broker may be slow or
dead. So the ids go into a bounded queue of this process, and a background thread sends the tasks.
What is dropped here loses nothing: the rows are due, and the sweeper finds them.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
import uuid
from collections.abc import Iterable

from django.db import transaction

from saleor_cdkeys.host.celery import app, has_broker

logger = logging.getLogger(__name__)

TASK = "saleor_cdkeys.tasks.run_order"

#: Ids that may wait for the thread. A flash sale beyond it is the sweeper's.
_ROOM = 10_000
#: Seconds of silence after the broker could not be reached.
_PAUSE = 30.0


class Bell:
    """The queue and its thread; the thread starts with the first ring in each process."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._owner = 0
        self._silent_until = 0.0

    def ring(self, order_ids: Iterable[uuid.UUID]) -> None:
        """Ask for these orders to be run. Never raises, never waits, and may do nothing."""
        if not has_broker() or time.monotonic() < self._silent_until:
            return
        self._start()
        for order_id in order_ids:
            if self._waiting.qsize() < _ROOM:
                self._waiting.put(str(order_id))

    def _start(self) -> None:
        # A forked server process inherits the object without its thread.
        with self._lock:
            if self._owner == os.getpid():
                return
            self._owner = os.getpid()
            self._waiting = queue.SimpleQueue()
            threading.Thread(
                target=self._serve, args=(self._waiting,), name="cdkeys-bell", daemon=True
            ).start()

    def _serve(self, waiting: queue.SimpleQueue[str]) -> None:
        while True:
            order_id = waiting.get()
            if time.monotonic() < self._silent_until:
                continue
            try:
                app.send_task(TASK, args=[order_id], retry=False, ignore_result=True)
            except Exception as error:
                self._silent_until = time.monotonic() + _PAUSE
                logger.warning(
                    "The broker cannot be reached (%s); the sweeper takes over.",
                    type(error).__name__,
                )


_bell = Bell()


def ring(order_ids: Iterable[uuid.UUID]) -> None:
    """Ask for these orders to be run as soon as what is being written now is committed."""
    ids = list(order_ids)
    if ids:
        transaction.on_commit(lambda: _bell.ring(ids), robust=True)
