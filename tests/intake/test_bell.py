"""Ringing for a worker: prompt where there is a broker, free of cost where it is dead or absent."""

from __future__ import annotations

import queue
import socket
import threading
import time
import uuid

import pytest
from celery import Celery
from django.db import transaction

from saleor_cdkeys import bell
from tests.factories.cdkeys import make_key_product, place
from tests.intake.rows import announce, recorded, rows_of


@pytest.fixture
def with_broker(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_TASK_ALWAYS_EAGER = False


@pytest.fixture
def own_bell(monkeypatch):
    fresh = bell.Bell()
    monkeypatch.setattr(bell, "_bell", fresh)
    return fresh


@pytest.fixture
def sent(monkeypatch):
    """The tasks that were handed to the broker, which takes them."""
    tasks = queue.Queue()

    def send_task(name, args, *_more, **_options):
        tasks.put((name, args, threading.current_thread().name))

    monkeypatch.setattr(bell.app, "send_task", send_task)
    return tasks


@pytest.fixture
def connects(monkeypatch):
    """The names of the threads that opened a connection to anywhere but the database."""
    names = []
    connect = socket.socket.connect

    def noted(self, address):
        names.append(threading.current_thread().name)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", noted)
    return names


def _wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "It never happened."
        time.sleep(0.01)


def _order(channel):
    return place(channel=channel, lines=[(make_key_product(channel=channel), 1)])


def test_a_paid_order_rings_once_it_is_committed(
    with_broker, own_bell, sent, channel, django_capture_on_commit_callbacks
):
    order = _order(channel)

    with django_capture_on_commit_callbacks(execute=True):
        announce(order, "order_fully_paid")
        assert own_bell._thread is None

    assert sent.get(timeout=10) == (bell.TASK, [str(order.pk)], "cdkeys-bell")


def test_an_order_that_is_not_due_does_not_ring(
    with_broker, own_bell, sent, channel, django_capture_on_commit_callbacks
):
    order = place(
        channel=channel, lines=[(make_key_product(channel=channel), 1)], charge_status="none"
    )
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        announce(order, "order_created")

    assert callbacks == []


def test_what_is_rolled_back_does_not_ring(with_broker, own_bell, sent, transactional_db):
    with pytest.raises(RuntimeError), transaction.atomic():
        bell.ring([uuid.uuid4()])
        raise RuntimeError

    assert own_bell._thread is None


@pytest.mark.parametrize(("broker", "eager"), [("", False), ("redis://127.0.0.1:1/0", True)])
def test_without_a_broker_nothing_is_done_at_all(
    settings, own_bell, sent, channel, django_capture_on_commit_callbacks, broker, eager
):
    settings.CELERY_BROKER_URL = broker
    settings.CELERY_TASK_ALWAYS_EAGER = eager
    order = _order(channel)

    with django_capture_on_commit_callbacks(execute=True):
        announce(order, "order_fully_paid")

    assert own_bell._thread is None
    # Nothing was obtained in the customer's request either.
    assert rows_of(order) == [recorded("game-1", 1)]


def _silent_server():
    """A port that takes connections and never says a word."""
    server = socket.create_server(("127.0.0.1", 0), backlog=16)
    return server, server.getsockname()[1]


@pytest.mark.parametrize("broker", ["refuses", "hangs"])
def test_a_dead_broker_costs_the_hook_no_connection_and_no_time(
    with_broker,
    own_bell,
    monkeypatch,
    connects,
    channel,
    broker,
    django_capture_on_commit_callbacks,
):
    server, port = _silent_server()
    if broker == "refuses":
        server.close()
    monkeypatch.setattr(bell, "app", Celery(broker=f"redis://127.0.0.1:{port}/0"))
    order = _order(channel)
    started = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        announce(order, "order_created", "order_fully_paid", "order_updated")

    assert time.monotonic() - started < 1.0
    assert threading.current_thread().name not in connects
    assert rows_of(order) == [recorded("game-1", 1)]
    _wait_until(lambda: "cdkeys-bell" in connects)
    if broker == "refuses":
        _wait_until(lambda: own_bell.is_silent)
    server.close()


def test_after_a_failure_it_is_silent_for_a_while(with_broker, own_bell, monkeypatch):
    tries = []

    def fails(_name, args, **_options):
        tries.append(args[0])
        raise ConnectionError("no password here: redis://user:hunter2@broker")

    monkeypatch.setattr(bell.app, "send_task", fails)
    first, second = uuid.uuid4(), uuid.uuid4()

    own_bell.ring([first])
    _wait_until(lambda: own_bell.is_silent)
    own_bell.ring([second])
    assert own_bell._waiting.qsize() == 0

    monkeypatch.setattr(own_bell, "_silent_until", 0.0)
    own_bell.ring([second])
    _wait_until(lambda: len(tries) == 2)
    assert tries == [str(first), str(second)]


def test_what_the_broker_said_is_not_logged(with_broker, own_bell, monkeypatch, caplog):
    def fails(*_args, **_options):
        raise ConnectionError("redis://user:hunter2@broker")

    monkeypatch.setattr(bell.app, "send_task", fails)
    own_bell.ring([uuid.uuid4()])
    _wait_until(lambda: own_bell.is_silent and "ConnectionError" in caplog.text)

    assert "hunter2" not in caplog.text


def test_the_queue_is_bounded(with_broker, own_bell, monkeypatch):
    monkeypatch.setattr(bell, "_ROOM", 3)
    monkeypatch.setattr(own_bell, "_start", lambda: None)

    own_bell.ring(uuid.uuid4() for _ in range(10))

    assert own_bell._waiting.qsize() == 3


def test_a_forked_process_starts_a_thread_of_its_own(with_broker, own_bell, sent):
    own_bell.ring([uuid.uuid4()])
    sent.get(timeout=10)
    parents = own_bell._thread

    own_bell.reset()
    assert own_bell._thread is None
    own_bell.ring([uuid.uuid4()])

    assert sent.get(timeout=10)[2] == "cdkeys-bell"
    assert own_bell._thread is not parents


def test_messages_are_rung_for_by_the_same_thread(
    with_broker, own_bell, sent, db, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        bell.ring_for_mail([7])
        assert own_bell._thread is None

    assert sent.get(timeout=10) == (bell.MAIL_TASK, [7], "cdkeys-bell")
