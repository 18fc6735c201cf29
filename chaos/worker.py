"""One worker: takes what is due in no particular order, and goes on whatever happens to it.

    python -m chaos.worker NUMBER SEED

CHAOS_CLOCK puts its clock so many seconds ahead. CHAOS_DEATH is how often, from 0 to 1, it dies at
the worst moment there is: the supplier has answered, and nothing of it is written down yet.
CHAOS_NO_JOURNAL takes the journal out.
"""

from __future__ import annotations

import contextlib
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

logger = logging.getLogger("chaos.worker")

#: Seconds between two sweeps, and between two looks when nothing is due.
_SWEEP = 3.0
_PAUSE = 0.5
#: The worker that looks after suppliers besides, as one task among many does in a shop.
_TENDING = 1
#: Orders that it takes before it looks again.
_BATCH = 5


def main() -> None:
    number, seed = int(sys.argv[1]), int(sys.argv[2])
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
    import django

    django.setup()
    from saleor_cdkeys.suppliers.fakes.sellers import DEAD_AFTER
    from saleor_cdkeys.suppliers.g2a import G2ASupplier

    with contextlib.ExitStack() as stack:
        stack.enter_context(_clock_ahead(float(os.environ.get("CHAOS_CLOCK", "0"))))
        if os.environ.get("CHAOS_NO_JOURNAL"):
            from chaos.sabotage import committed_after_the_call

            stack.enter_context(committed_after_the_call())
        dice = random.Random(f"{seed}-{number}")
        stack.enter_context(_dying(float(os.environ.get("CHAOS_DEATH", "0")), dice))
        # Nobody waits half an hour here for a reservation to die; the fake's dies as soon.
        G2ASupplier.dead_after = dt.timedelta(seconds=DEAD_AFTER)
        print("ready", flush=True)
        _work(dice, tends=number == _TENDING)


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


def _work(dice: random.Random, *, tends: bool) -> None:
    from django.db import close_old_connections, connections

    swept = time.monotonic()
    while True:
        try:
            close_old_connections()
            if not _take_some(dice):
                time.sleep(_PAUSE)
            if time.monotonic() - swept > _SWEEP:
                _sweep(tends=tends)
                swept = time.monotonic()
        except Exception as error:
            # The database may be away; what was under way is found again by its lease.
            logger.warning("%s", type(error).__name__)
            for connection in connections.all():
                with contextlib.suppress(Exception):
                    connection.close()
            time.sleep(_PAUSE)


def _sweep(*, tends: bool) -> None:
    from saleor_cdkeys import sweeper
    from saleor_cdkeys.acquisition import tending

    sweeper.sweep(run=lambda order_id: None, send=lambda delivery_id: None)
    if tends:
        tending.tend()


def _take_some(dice: random.Random) -> int:
    from saleor_cdkeys import sweeper, tasks
    from saleor_cdkeys.delivery.send import due_deliveries
    from saleor_cdkeys.orders import runner

    orders = sweeper.due_orders(limit=200)
    deliveries = due_deliveries(limit=50)
    for order_id in dice.sample(orders, min(_BATCH, len(orders))):
        runner.run_order(order_id=order_id)
    for delivery_id in dice.sample(deliveries, min(_BATCH, len(deliveries))):
        tasks.deliver(delivery_id)
    return len(orders) + len(deliveries)


if __name__ == "__main__":
    main()
