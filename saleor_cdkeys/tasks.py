"""Celery entry points. Arguments are ids; each may run twice, late or never."""

from __future__ import annotations

import logging
import uuid

from saleor_cdkeys import conf, sweeper
from saleor_cdkeys.acquisition import tending
from saleor_cdkeys.delivery.send import send
from saleor_cdkeys.host.celery import allow_writer, app
from saleor_cdkeys.orders import runner
from saleor_cdkeys.orders.poke import poke_delivered

logger = logging.getLogger(__name__)


@app.task(name="saleor_cdkeys.tasks.run_order", ignore_result=True)
@allow_writer()
def run_order(order_id: str) -> None:
    """Do what is due for one Saleor order."""
    runner.run_order(order_id=uuid.UUID(order_id))


@app.task(name="saleor_cdkeys.tasks.send_delivery", ignore_result=True)
@allow_writer()
def send_delivery(delivery_id: int) -> None:
    """Try one message (again), then settle its order."""
    deliver(delivery_id)


@app.task(name="saleor_cdkeys.tasks.sweep", ignore_result=True)
@allow_writer()
def sweep() -> None:
    """Find what is due and give each its own task.

    What no worker took up by the next sweep is found again by that, so the task then goes unread:
    workers that lag behind must not meet the same order in the queue a hundred times.
    """
    seconds = float(conf.get("CDKEYS_SWEEP_SECONDS"))
    sweeper.sweep(
        run=lambda order_id: run_order.apply_async((str(order_id),), expires=seconds),
        send=lambda delivery_id: send_delivery.apply_async((delivery_id,), expires=seconds),
    )
    tend.apply_async(expires=seconds)


@app.task(name="saleor_cdkeys.tasks.tend", ignore_result=True)
@allow_writer()
def tend() -> None:
    """Look after exchange rates, paused suppliers and balances, where one of them is due."""
    tending.tend()


def deliver(delivery_id: int) -> None:
    """Try a message (again) and settle its order, in this process."""
    send(delivery_id=delivery_id)
    runner.run_order(order_id=poke_delivered(delivery_id=delivery_id))
