"""Celery entry points. Arguments are ids; each may run twice, late or never."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable

from saleor_cdkeys import conf, side_lane, sweeper
from saleor_cdkeys.acquisition import tending
from saleor_cdkeys.acquisition.acquire import will_ask_suppliers
from saleor_cdkeys.delivery.send import send
from saleor_cdkeys.host.celery import allow_writer, app, in_worker, when_a_worker_ends
from saleor_cdkeys.orders import runner
from saleor_cdkeys.orders.poke import poke_delivered

when_a_worker_ends(side_lane.close)


@app.task(name="saleor_cdkeys.tasks.run_order", ignore_result=True)
@allow_writer()
def run_order(order_id: str) -> None:
    """Do what is due for one Saleor order."""
    _run(uuid.UUID(order_id))


@app.task(name="saleor_cdkeys.tasks.send_delivery", ignore_result=True)
@allow_writer()
def send_delivery(delivery_id: int) -> None:
    """Try one message (again), then settle its order."""
    send(delivery_id=delivery_id)
    _run(poke_delivered(delivery_id=delivery_id))


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
    _beside("tend", tending.tend)


def _run(order_id: uuid.UUID) -> None:
    """Here, or beside where suppliers are to be waited for."""
    if in_worker() and will_ask_suppliers(order_id=order_id):
        _beside(order_id, lambda: runner.run_order(order_id=order_id))
    else:
        runner.run_order(order_id=order_id)


def _beside(name: Hashable, work: Callable[[], object]) -> None:
    """In the worker's side lane; in place where no worker runs this."""
    if in_worker():
        side_lane.do(name, allow_writer()(work))
    else:
        work()


def deliver(delivery_id: int) -> None:
    """Try a message (again) and settle its order, in this process."""
    send(delivery_id=delivery_id)
    runner.run_order(order_id=poke_delivered(delivery_id=delivery_id))
