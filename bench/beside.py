"""Orders served from stock while many others wait for slow suppliers, in one Celery worker."""

from __future__ import annotations

import os
import time
from statistics import median
from typing import Any

import redis

from bench import stage
from bench.aside import Crew, WorkFailed
from bench.databases import Databases
from bench.display import Steps
from bench.mail import is_idle
from bench.mail_sink import MailSink
from bench.measure import Measurement, Target, alone, paired
from bench.slow_suppliers import Pace, open_account, serve
from bench.worker import Worker

#: Steps of the display.
STEPS = 4
_SLOW_ORDERS = 200
#: Seconds that each answer of their supplier takes.
_SECONDS = 3.0
#: Orders of one stream from stock, and the seconds between two of them: fewer than the worker can
#: do, or they would wait for each other.
_STREAM = 30
_EVERY = 0.4


def measure(databases: Databases, steps: Steps) -> list[Measurement]:
    """The stream of stock orders alone, and beside all those whose supplier is slow."""
    with databases.using("beside"), MailSink() as sink, Crew(1) as fakes:
        steps.begin("placing orders")
        (url,) = fakes.run(serve, [("sandbox", Pace(order=_SECONDS, other=_SECONDS))])
        slow, stock = _place(url)
        broker = redis.Redis.from_url(os.environ["REDIS_URL"])
        # Tasks that other parts of the bench left behind.
        broker.flushdb()
        with Worker(mail_port=sink.port, log=stage.folder() / "beside.log") as worker:
            steps.begin("a stream of stock orders warms up")
            _stream(stock, worker)
            steps.begin("the stream alone")
            by_itself = _stream(stock, worker)
            steps.begin(
                f"{_SLOW_ORDERS} orders at a supplier that takes {_SECONDS:g} s, the stream"
            )
            _pay(slow)
            # What 200 hooks at once cost the worker is not what is measured.
            worker.wait_until(lambda: is_idle(broker))
            beside = _stream(stock, worker)
            _check_that_they_wait(slow)
    pair = (median(beside), median(by_itself))
    what = f"stock order mailed beside {_SLOW_ORDERS} at suppliers that take {_SECONDS:g} s"
    return [
        paired(what, "s", [pair], Target(at_most=1.5)),
        alone("the slowest of these", "s", max(beside), Target(at_most=1.0)),
    ]


def _place(url: str) -> tuple[list[Any], list[Any]]:
    """Paid orders that the plugin has not heard of: to be bought, and from stock."""
    from tests.factories import make_channel
    from tests.factories.cdkeys import make_key_product, make_mapping, place

    channel = make_channel()
    bought = make_key_product(channel=channel, sku="bought", source="suppliers")
    make_mapping(bought, open_account("sandbox", url))
    count = 3 * _STREAM
    # Also sold from suppliers when its keys are gone, which they are not.
    held = make_key_product(channel=channel, sku="held", source="stock_then_suppliers", stock=count)
    return (
        [place(channel=channel, lines=[(bought, 1)]) for _ in range(_SLOW_ORDERS)],
        [place(channel=channel, lines=[(held, 1)]) for _ in range(count)],
    )


def _pay(orders: list[Any]) -> None:
    """Announce paid orders as Saleor does."""
    from saleor.plugins.manager import get_plugins_manager

    manager = get_plugins_manager(allow_replica=False)
    for order in orders:
        manager.order_fully_paid(order)


def _stream(stock: list[Any], worker: Worker) -> list[float]:
    """Pay the next stock orders one after the other; seconds until each had its mail."""
    mine, stock[:_STREAM] = stock[:_STREAM], []
    paid = {}
    for order in mine:
        paid[order.pk] = time.time()
        _pay([order])
        time.sleep(_EVERY)
    worker.wait_until(lambda: len(_delivered(mine)) == len(mine))
    return [at.timestamp() - paid[order_id] for order_id, at in _delivered(mine).items()]


def _delivered(orders: list[Any]) -> dict[Any, Any]:
    from saleor_cdkeys.models import KeyOrder

    found = KeyOrder.objects.filter(
        order_id__in=[order.pk for order in orders], delivered_at__isnull=False
    )
    return dict(found.values_list("order_id", "delivered_at"))


def _check_that_they_wait(slow: list[Any]) -> None:
    """The slow ones are being bought, and are not done: else the stream had nothing beside it."""
    from saleor_cdkeys.models import Purchase

    done = len(_delivered(slow))
    if done == len(slow) or not Purchase.objects.exists():
        raise WorkFailed(f"{done} of {len(slow)} slow orders were done beside the stream.")
