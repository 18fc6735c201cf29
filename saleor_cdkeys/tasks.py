"""Celery entry points. Arguments are ids; each may run twice, late or never."""

from __future__ import annotations

import logging
import uuid

from saleor_cdkeys import sweeper
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
    """Find what is due and give each its own task."""
    sweeper.sweep(
        run=lambda order_id: run_order.delay(str(order_id)),
        send=lambda delivery_id: send_delivery.delay(delivery_id),
    )


def deliver(delivery_id: int) -> None:
    """Try a message (again) and settle its order, in this process."""
    send(delivery_id=delivery_id)
    runner.run_order(order_id=poke_delivered(delivery_id=delivery_id))
