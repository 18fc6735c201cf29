"""`cdkeys_run`: the worker where there is no Celery."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from django.core import mail

from saleor_cdkeys import sweeper
from saleor_cdkeys.models import Key
from saleor_cdkeys.statuses import KeyOrderStatus
from tests.commands.calling import call
from tests.factories.cdkeys import buy, key_orders, make_key_product, place

NOTHING = sweeper.Sweep(lost=0, woken=0, orders=0, deliveries=0, alerts_mailed=0)


def test_once_delivers_what_is_due_and_stops(channel):
    product = make_key_product(channel=channel, stock=3)
    order = buy(channel=channel, lines=[(product, 2)])

    said = call("cdkeys_run", "--once")

    (row,) = key_orders(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert len(mail.outbox) == 1
    assert said.out.splitlines()[-1].startswith("Stopped after ")
    assert "1 orders, " in said.out
    assert Key.objects.filter(status="available").count() == 1
    assert not any(part in said.out + said.err for part in ("TEST-", "-CODE"))


def test_once_with_nothing_to_do_says_so(db):
    assert call("cdkeys_run", "--once").out == "Stopped after 0 orders and messages.\n"


def test_orders_that_no_hook_announced_are_delivered_too(channel, monkeypatch):
    from saleor_cdkeys.intake import reconcile

    monkeypatch.setattr(reconcile, "_SETTLING", -reconcile._SETTLING)
    product = make_key_product(channel=channel, stock=1)
    order = place(channel=channel, lines=[(product, 1)])

    call("cdkeys_run", "--once")

    (row,) = key_orders(order)
    assert row.status == KeyOrderStatus.DELIVERED


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_what_is_under_way_finish_and_then_stops(db, monkeypatch, number):
    before = signal.getsignal(number)
    finished = []

    def sweep(**_options):
        os.kill(os.getpid(), number)
        time.sleep(0.01)
        finished.append("swept")
        return NOTHING

    monkeypatch.setattr(sweeper, "sweep", sweep)

    said = call("cdkeys_run", "--pause", "60")

    assert finished == ["swept"]
    assert said == type(said)("Stopped after 0 orders and messages.\n", "")
    assert signal.getsignal(number) is before


def test_it_looks_again_after_the_pause(db, monkeypatch):
    looks = []

    def sweep(**_options):
        looks.append(time.monotonic())
        if len(looks) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return NOTHING

    monkeypatch.setattr(sweeper, "sweep", sweep)

    call("cdkeys_run", "--pause", "0.2")

    assert len(looks) == 3
    assert looks[1] - looks[0] >= 0.2


def test_it_runs_outside_the_main_thread_as_well(db, monkeypatch):
    monkeypatch.setattr(sweeper, "sweep", lambda **_options: NOTHING)
    said = []

    thread = threading.Thread(target=lambda: said.append(call("cdkeys_run", "--once")))
    thread.start()
    thread.join(30)

    assert said[0].code == 0
