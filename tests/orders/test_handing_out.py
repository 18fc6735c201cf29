"""Which due orders a sweep hands out, and in what order."""

from __future__ import annotations

import threading

from saleor_cdkeys import sweeper
from saleor_cdkeys.acquisition import tending
from saleor_cdkeys.intake.record import note_order
from tests.factories.cdkeys import make_key_product, place
from tests.orders.running import due


def _due_orders(channel, count):
    product = make_key_product(channel=channel, stock=0)
    orders = [place(channel=channel, lines=[(product, 1)]) for _each in range(count)]
    for order in orders:
        note_order(order.pk)
        due(order)
    return [order.pk for order in orders]


def _sweep(run, *, limit):
    return sweeper.sweep(run=run, send=lambda _delivery_id: None, limit=limit)


def test_those_that_are_not_taken_hold_up_nobody(channel):
    orders = _due_orders(channel, 7)
    taken = []

    def run(order_id):
        if order_id in orders[:5]:
            return False
        taken.append(order_id)
        return True

    found = _sweep(run, limit=2)

    assert found.orders == len(taken)
    assert set(taken) <= set(orders[5:])
    assert taken


def test_a_sweep_whose_orders_are_taken_looks_no_further(channel):
    _due_orders(channel, 5)
    asked = []

    assert _sweep(asked.append, limit=2).orders == 2
    assert len(asked) == 2


def test_how_far_it_looks_is_bounded(channel, monkeypatch):
    _due_orders(channel, 5)
    monkeypatch.setattr(sweeper, "_PAGES", 2)
    asked = []

    def decline(order_id):
        asked.append(order_id)
        return False

    assert _sweep(decline, limit=2).orders == 0
    assert len(asked) == 4


def test_one_thread_of_a_process_tends_and_the_others_go_on(monkeypatch):
    begun, end, times = threading.Event(), threading.Event(), []

    def slow() -> int:
        times.append(1)
        begun.set()
        assert end.wait(10)
        return 0

    monkeypatch.setattr(tending, "_WORKS", (slow,))
    other = threading.Thread(target=tending.tend)
    other.start()
    assert begun.wait(10)

    tending.tend()

    end.set()
    other.join()
    assert times == [1]
    tending.tend()
    assert times == [1, 1]
