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
MAIL_TASK = "saleor_cdkeys.tasks.send_delivery"

#: A task and the id it takes.
_Call = tuple[str, str | int]

#: Ids that may wait for the thread. A flash sale beyond it is the sweeper's.
_ROOM = 10_000
#: Seconds of silence after the broker could not be reached.
_PAUSE = 30.0
#: A connection that was idle for long may be dead while the broker is well.
_TRY_TWICE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


class Bell:
    """The queue and its thread; the thread starts with the first ring in each process."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew, without a thread: what a forked process must do before it rings."""
        self._waiting: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._silent_until = 0.0

    def ring(self, order_ids: Iterable[uuid.UUID]) -> None:
        """Ask for these orders to be run. Never raises, never waits, and may do nothing."""
        self._put((TASK, str(order_id)) for order_id in order_ids)

    def ring_for_mail(self, delivery_ids: Iterable[int]) -> None:
        """Ask for these messages to be sent, likewise."""
        self._put((MAIL_TASK, delivery_id) for delivery_id in delivery_ids)

    def _put(self, calls: Iterable[_Call]) -> None:
        if not has_broker() or self.is_silent:
            return
        self._start()
        for call in calls:
            if self._waiting.qsize() < _ROOM:
                self._waiting.put(call)

    @property
    def is_silent(self) -> bool:
        """Whether the broker failed a moment ago."""
        return time.monotonic() < self._silent_until

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="cdkeys-bell", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            task, argument = self._waiting.get()
            if not self.is_silent:
                self._send(task, argument)

    def _send(self, task: str, argument: str | int) -> None:
        try:
            app.send_task(
                task, args=[argument], ignore_result=True, retry=True, retry_policy=_TRY_TWICE
            )
        except Exception as error:
            self._silent_until = time.monotonic() + _PAUSE
            logger.warning(
                "The broker cannot be reached (%s); the sweeper takes over.", type(error).__name__
            )


_bell = Bell()
os.register_at_fork(after_in_child=_bell.reset)


def ring(order_ids: Iterable[uuid.UUID]) -> None:
    """Ask for these orders to be run as soon as what is being written now is committed."""
    ids = list(order_ids)
    if ids:
        transaction.on_commit(lambda: _bell.ring(ids), robust=True)


def ring_for_mail(delivery_ids: Iterable[int]) -> None:
    """Ask for these messages to be sent, likewise."""
    ids = list(delivery_ids)
    if ids:
        transaction.on_commit(lambda: _bell.ring_for_mail(ids), robust=True)
