"""The doctor's checks of the work: broker, beat, sweeper, and what is due."""

from __future__ import annotations

import datetime as dt
import socket
import time
import uuid

import pytest
from celery import Celery
from django.apps import apps
from django.core.cache.backends.filebased import FileBasedCache
from django.utils import timezone

from saleor_cdkeys import heartbeat, sweeper
from saleor_cdkeys.diagnosis import work
from saleor_cdkeys.models import Delivery, KeyOrder
from tests.commands.test_doctor_installation import told
from tests.factories.cdkeys import buy, make_key_product

pytestmark = pytest.mark.django_db


def ago(**amount) -> dt.datetime:
    return timezone.now() - dt.timedelta(**amount)


@pytest.fixture
def broker(healthy_settings, monkeypatch):
    """Have Saleor use a broker at this address."""

    def use(url: str) -> None:
        healthy_settings.CELERY_BROKER_URL = url
        healthy_settings.CELERY_TASK_ALWAYS_EAGER = False
        monkeypatch.setattr(work, "app", Celery(broker=url))

    return use


class TestBroker:
    def test_there_is_none(self, healthy_settings):
        ((level, text),) = told(work.broker)
        assert (level, "cdkeys_run" in text) == ("ok", True)

    def test_it_answers(self, broker):
        broker("memory://")

        assert told(work.broker) == [("ok", "The broker answers.")]

    def test_nobody_is_there(self, broker):
        broker("amqp://saleor:hunter2@127.0.0.1:1//")

        ((level, text),) = told(work.broker)
        assert (level, text[:29]) == ("problem", "The broker cannot be reached ")
        assert "hunter2" not in text

    @pytest.mark.parametrize("scheme", ["amqp", "redis"])
    def test_one_that_never_answers_is_not_waited_for(self, broker, monkeypatch, scheme):
        monkeypatch.setattr(work, "_PATIENCE", 0.3)
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            broker(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}")
            started = time.monotonic()

            ((level, _text),) = told(work.broker)

        assert level == "problem"
        assert time.monotonic() - started < 5


class TestSweeper:
    def test_a_sweep_leaves_a_sign_of_life(self, healthy_settings):
        assert heartbeat.last() is None

        sweeper.sweep(run=lambda order_id: None, send=lambda delivery_id: None)

        assert abs(timezone.now() - heartbeat.last()) < dt.timedelta(seconds=5)
        ((level, text),) = told(work.sweeper)
        assert (level, text[:14]) == ("ok", "A worker swept")

    def test_a_sweep_that_breaks_off_leaves_none(self, healthy_settings, channel):
        buy(channel=channel, lines=[(make_key_product(channel=channel, stock=1), 1)])

        def breaks(_order_id):
            raise RuntimeError

        with pytest.raises(RuntimeError):
            sweeper.sweep(run=breaks, send=lambda delivery_id: None)

        assert heartbeat.last() is None

    def test_a_sweep_goes_through_where_the_cache_is_down(self, healthy_settings, monkeypatch):
        def down(*_arguments, **_options):
            raise ConnectionError

        monkeypatch.setattr(FileBasedCache, "set", down)

        swept = sweeper.sweep(run=lambda order_id: None, send=lambda delivery_id: None)

        assert swept.orders == 0

    def test_long_ago(self, healthy_settings, monkeypatch):
        monkeypatch.setattr(heartbeat, "last", lambda: ago(hours=3))

        ((level, text),) = told(work.sweeper)
        assert (level, text) == ("problem", "No worker has swept for 3\xa0hours.")

    def test_rarer_sweeps_are_given_more_time(self, healthy_settings, monkeypatch):
        monkeypatch.setattr(heartbeat, "last", lambda: ago(minutes=50))
        assert told(work.sweeper)[0][0] == "problem"

        healthy_settings.CDKEYS_SWEEP_SECONDS = 600
        assert told(work.sweeper)[0][0] == "ok"

    def test_never(self, healthy_settings):
        assert told(work.sweeper) == [("problem", "No worker has swept yet, or not for days.")]

    def test_what_cannot_be_seen_is_not_claimed(self, settings):
        ((level, text),) = told(work.sweeper)
        assert (level, "cannot be seen here" in text) == ("warning", True)


class TestBeat:
    @pytest.fixture(autouse=True)
    def _with_a_broker(self, broker):
        broker("memory://")

    @staticmethod
    def entry(**fields):
        model = apps.get_app_config("django_celery_beat")
        every = model.get_model("IntervalSchedule").objects.create(every=30, period="seconds")
        model.get_model("PeriodicTask").objects.create(
            name="cdkeys-sweep", task="saleor_cdkeys.tasks.sweep", interval=every, **fields
        )

    def test_it_has_the_entry(self):
        self.entry(last_run_at=ago(minutes=2))

        assert told(work.beat_entry) == [("ok", "Celery beat has the sweeper's entry.")]

    def test_it_never_started_since(self):
        assert told(work.beat_entry) == [("warning", "Celery beat does not know of the sweeper.")]

    def test_somebody_switched_it_off(self):
        self.entry(enabled=False)

        assert told(work.beat_entry)[0][0] == "problem"

    def test_it_stopped(self):
        self.entry(last_run_at=ago(hours=2))

        assert told(work.beat_entry) == [
            ("problem", "Celery beat has not asked for a sweep for 2\xa0hours.")
        ]

    def test_one_that_keeps_its_entries_elsewhere_shows_by_the_sweeps(self):
        heartbeat.beat()
        assert told(work.beat_entry) == [("ok", "Sweeps are asked for.")]

        self.entry(last_run_at=ago(hours=2))
        assert told(work.beat_entry) == [("ok", "Sweeps are asked for.")]

    def test_switched_off_counts_although_somebody_sweeps_by_hand(self):
        heartbeat.beat()
        self.entry(enabled=False)

        assert told(work.beat_entry)[0][0] == "problem"

    def test_without_a_broker_there_is_nothing_to_say(self, settings):
        settings.CELERY_BROKER_URL = ""

        assert told(work.beat_entry) == []


class TestOverdue:
    @pytest.fixture
    def order(self, channel):
        return buy(channel=channel, lines=[(make_key_product(channel=channel), 1)])

    def test_what_is_due_since_a_moment_ago_is_not_overdue(self, order):
        KeyOrder.objects.update(next_run_at=ago(seconds=30))

        assert told(work.overdue) == [("ok", "Nothing is overdue.")]

    def test_due_for_hours(self, order):
        KeyOrder.objects.update(next_run_at=ago(hours=5))

        text = "Key orders that are due and not worked on: 1, since 5\xa0hours."
        assert told(work.overdue) == [("problem", text)]

    def test_a_worker_is_at_it(self, order):
        KeyOrder.objects.update(
            next_run_at=ago(hours=5),
            lease_token=uuid.uuid4(),
            lease_expires_at=timezone.now() + dt.timedelta(minutes=1),
        )

        assert told(work.overdue) == [("ok", "Nothing is overdue.")]

    def test_the_worker_that_was_at_it_died_long_ago(self, order):
        KeyOrder.objects.update(
            next_run_at=ago(hours=5), lease_token=uuid.uuid4(), lease_expires_at=ago(hours=4)
        )

        assert told(work.overdue)[0][0] == "problem"

    def test_a_message_that_nobody_sends(self, order, channel):
        Delivery.objects.create(
            order_id=order.pk,
            order_number="1",
            channel_id=channel.pk,
            channel_slug=channel.slug,
            recipient="customer@example.com",
            next_run_at=ago(minutes=40),
        )

        text = "Messages that are due and not sent: 1, since 40\xa0minutes."
        assert told(work.overdue) == [("problem", text)]
