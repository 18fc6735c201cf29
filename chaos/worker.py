"""One worker: takes what is due in no particular order, and goes on whatever happens to it.

As a shop's worker it has suppliers waited for beside, in the threads of its side lane.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

from saleor_cdkeys.side_lane import SideLane

logger = logging.getLogger("chaos.worker")

#: Seconds between two sweeps, two looks after the suppliers, and two looks when nothing is due.
_SWEEP, _TEND, _PAUSE = 10.0, 1.0, 0.3
#: The worker that looks after suppliers besides, as one task among many does in a shop.
_TENDING = 1
#: Orders that it takes before it looks again.
_BATCH = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Fate:
    """What one worker has to bear. ``ahead``: seconds that its clock is ahead.

    ``deaths`` is how often, from 0 to 1, it dies at the worst moment there is: the supplier has
    answered, and nothing of it is written down yet.
    """

    seed: int
    ahead: float
    deaths: float
    has_journal: bool


def main(number: int, fate: Fate, log: str) -> None:
    """Runs in a process of its own, until it is killed."""
    _write_to(log)
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, force=True)
    # Ctrl-C is for whoever started all this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from saleor_cdkeys.suppliers.fakes.sellers import DEAD_AFTER
    from saleor_cdkeys.suppliers.g2a import G2ASupplier

    with contextlib.ExitStack() as stack:
        stack.enter_context(_clock_ahead(fate.ahead))
        if not fate.has_journal:
            from chaos.sabotage import committed_after_the_call

            stack.enter_context(committed_after_the_call())
        dice = random.Random(fate.seed)
        stack.enter_context(_dying(fate.deaths, dice))
        # Nobody waits half an hour here for a reservation to die; the fake's dies as soon.
        G2ASupplier.dead_after = dt.timedelta(seconds=DEAD_AFTER)
        _Worker(dice, tends=number == _TENDING).work()


def _write_to(log: str) -> None:
    with open(log, "ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())


@contextlib.contextmanager
def _clock_ahead(seconds: float) -> Iterator[None]:
    if not seconds:
        yield
        return
    import time_machine

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds), tick=True):
        yield


@contextlib.contextmanager
def _dying(share: float, dice: random.Random) -> Iterator[None]:
    from saleor_cdkeys.acquisition.purchasing import buying

    real = buying.receive

    def receive(**arguments: Any) -> Any:
        if dice.random() < share:
            print("dies after a call", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(**arguments)

    with mock.patch.object(buying, "receive", receive):
        yield


class _Worker:
    def __init__(self, dice: random.Random, *, tends: bool) -> None:
        self._dice = dice
        self._tends = tends
        self._lane = SideLane()
        # Not all at the same moment.
        self._sweep_at = time.monotonic() + dice.random() * _SWEEP
        self._tend_at = time.monotonic()

    def work(self) -> None:
        from django.db import close_old_connections, connections

        while True:
            try:
                close_old_connections()
                if not self._take_some():
                    time.sleep(_PAUSE)
                self._look_after_the_rest()
            except Exception as error:
                # The database may be away; what was under way is found again by its lease.
                logger.warning("%s", type(error).__name__)
                for connection in connections.all():
                    with contextlib.suppress(Exception):
                        connection.close()
                time.sleep(_PAUSE)

    def _look_after_the_rest(self) -> None:
        from saleor_cdkeys import sweeper
        from saleor_cdkeys.acquisition import tending

        now = time.monotonic()
        if now > self._sweep_at:
            self._sweep_at = now + _SWEEP
            sweeper.sweep(run=lambda order_id: None, send=lambda delivery_id: None)
        if self._tends and now > self._tend_at:
            self._tend_at = now + _TEND
            self._lane.do("tend", tending.tend)

    def _take_some(self) -> int:
        """Returns how much of what is due was taken."""
        from saleor_cdkeys import sweeper, tasks
        from saleor_cdkeys.delivery.send import due_deliveries

        taken = 0
        if len(self._lane) < _BATCH:
            orders = sweeper.due_orders(limit=200)
            for order_id in self._dice.sample(orders, min(_BATCH, len(orders))):
                taken += self._run(order_id)
        deliveries = due_deliveries(limit=50)
        for delivery_id in self._dice.sample(deliveries, min(_BATCH, len(deliveries))):
            tasks.deliver(delivery_id)
            taken += 1
        return taken

    def _run(self, order_id: Any) -> bool:
        from saleor_cdkeys.acquisition.acquire import will_ask_suppliers
        from saleor_cdkeys.orders import runner

        if will_ask_suppliers(order_id=order_id):
            return self._lane.do(order_id, lambda: runner.run_order(order_id=order_id))
        runner.run_order(order_id=order_id)
        return True
