"""From paid to mailed with a real Celery worker, against as many tasks that do nothing."""

from __future__ import annotations

import os
import time
from typing import Any

import redis

from bench import stage
from bench.aside import WorkFailed
from bench.databases import Databases
from bench.display import Steps
from bench.mail_sink import MailSink
from bench.measure import Measurement, Target, alone, paired
from bench.options import Options
from bench.worker import CONCURRENCY, Worker


def measure(options: Options, databases: Databases, steps: Steps) -> list[Measurement]:
    size = options.orders // options.rounds
    steps.expect(options.rounds + 2)
    with databases.using("mail"), MailSink() as sink:
        steps.begin("placing orders")
        orders = _orders(size * (options.rounds + 1))
        broker = redis.Redis.from_url(os.environ["REDIS_URL"])
        _purge()
        pairs = []
        with Worker(mail_port=sink.port, log=stage.folder() / "worker.log") as worker:
            for number in range(options.rounds + 1):
                steps.begin(f"{size} orders, turn {number} of {options.rounds}")
                mine = orders[number * size : (number + 1) * size]
                ours = size / _pay_for(mine, sink, broker, worker)
                pairs.append((ours, size / _send_empty(size, broker, worker)))
        _check(sink, orders=size * (options.rounds + 1))
    # The first turn warms up.
    found = paired("paid to mailed, against empty tasks", "per s", pairs[1:], Target(at_least=0.01))
    name = "paid to mailed, each process of the worker"
    return [found, alone(name, "per s", found.ours / CONCURRENCY, Target(at_least=2))]


def _orders(count: int) -> list[Any]:
    """Paid orders of one key each that the plugin has not heard of, and the keys for them."""
    from tests.factories import make_channel
    from tests.factories.cdkeys import make_key_product, place

    channel = make_channel()
    stock = count // 10 + 1
    games = [make_key_product(channel=channel, sku=f"game-{n}", stock=stock) for n in range(10)]
    return [
        place(channel=channel, lines=[(games[n % 10], 1)], email=f"customer{n}@example.com")
        for n in range(count)
    ]


def _pay_for(orders: list[Any], sink: MailSink, broker: Any, worker: Worker) -> float:
    """Announce paid orders as Saleor does; seconds until the last of them has its mail."""
    from saleor.plugins.manager import get_plugins_manager

    manager = get_plugins_manager(allow_replica=False)
    wanted = len(sink.recipients) + len(orders)
    begin = time.monotonic()
    for order in orders:
        manager.order_fully_paid(order)
    worker.wait_until(lambda: len(sink.recipients) >= wanted)
    seconds = time.monotonic() - begin
    worker.wait_until(lambda: is_idle(broker))
    return seconds


def _send_empty(count: int, broker: Any, worker: Worker) -> float:
    """Seconds until the worker has begun the last of so many tasks that do nothing."""
    from saleor.celeryconf import app

    begin = time.monotonic()
    for number in range(count):
        app.send_task("bench.empty", args=[str(number)], ignore_result=True)
    worker.wait_until(lambda: is_idle(broker))
    return time.monotonic() - begin


def is_idle(broker: Any) -> bool:
    """Whether no task waits, and none was handed to the worker but not begun."""
    waiting, handed_out = broker.pipeline().llen("celery").hlen("unacked").execute()
    return bool(waiting == handed_out == 0)


def _purge() -> None:
    """Tasks that other parts of the bench left behind."""
    from saleor.celeryconf import app

    app.control.purge()


def _check(sink: MailSink, *, orders: int) -> None:
    if not len(sink.recipients) == len(set(sink.recipients)) == orders:
        raise WorkFailed(f"{orders} orders were paid, {len(sink.recipients)} mails came.")
