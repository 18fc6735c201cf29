"""The lane beside a worker's own."""

from __future__ import annotations

import threading

import pytest

from saleor_cdkeys import side_lane
from saleor_cdkeys.side_lane import SideLane


class _Gate:
    """Work that waits until it is opened, as for a supplier."""

    def __init__(self):
        self.opened = threading.Event()
        self.begun = threading.Semaphore(0)
        self.done = []

    def work(self, name):
        def do():
            self.begun.release()
            assert self.opened.wait(10)
            self.done.append(name)

        return do

    def await_begun(self, count):
        for _each in range(count):
            assert self.begun.acquire(timeout=10)


@pytest.fixture
def gate():
    return _Gate()


@pytest.fixture
def lane(settings, gate):
    settings.CDKEYS_BUYING_THREADS = 2
    lane = SideLane()
    yield lane
    gate.opened.set()
    lane.close()


def test_so_many_go_at_once_and_the_others_wait_for_them(lane, gate):
    taken = [lane.do(name, gate.work(name)) for name in "abc"]
    gate.await_begun(2)

    assert taken == [True, True, True]
    assert not gate.begun.acquire(timeout=0.1)
    assert (gate.done, lane.is_busy) == ([], True)
    gate.opened.set()
    gate.await_begun(1)


def test_what_waits_already_is_not_taken_twice(lane, gate):
    for name in "ab":
        lane.do(name, gate.work(name))
    gate.await_begun(2)

    assert [lane.do("c", gate.work("c")), lane.do("c", gate.work("c"))] == [True, False]
    # Under way is not waiting: something may have happened to it since it began.
    assert lane.do("a", gate.work("a")) is True


def test_a_lane_that_closes_ends_what_is_under_way_and_begins_nothing_more(lane, gate):
    for name in "abc":
        lane.do(name, gate.work(name))
    gate.await_begun(2)
    threading.Timer(0.2, gate.opened.set).start()

    lane.close()

    assert sorted(gate.done) == ["a", "b"]
    assert not lane.is_busy


def test_work_that_fails_stops_nobody_and_is_told_without_its_words(lane, gate, caplog):
    def fail():
        raise ValueError("SECRET-CODE")

    gate.opened.set()
    lane.do("bad", fail)
    lane.do("good", gate.work("good"))
    gate.await_begun(1)
    lane.close()

    assert gate.done == ["good"]
    assert "ValueError" in caplog.text
    assert "SECRET-CODE" not in caplog.text


@pytest.mark.parametrize("closed", [True, False])
def test_without_threads_it_is_done_in_place(settings, closed):
    settings.CDKEYS_BUYING_THREADS = 2 if closed else 0
    lane = SideLane()
    if closed:
        lane.close()
    done = []

    assert lane.do("a", lambda: done.append(threading.current_thread())) is True

    assert done == [threading.current_thread()]


def test_what_waits_can_be_looked_up(lane, gate):
    for name in "abc":
        lane.do(name, gate.work(name))
    gate.await_begun(2)

    assert ["c" in lane, "a" in lane] == [True, False]


def test_without_a_thread_it_is_done_in_place(lane, monkeypatch, caplog):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    done = []
    monkeypatch.setattr(threading.Thread, "start", refuse)

    assert lane.do("a", lambda: done.append("a")) is True

    assert done == ["a"]
    assert ("a" in lane, lane.is_busy) == (False, False)
    assert "The side lane got no thread" in caplog.text


def test_a_connection_that_cannot_be_looked_after_costs_no_thread(lane, gate, monkeypatch):
    def fail():
        raise RuntimeError

    monkeypatch.setattr(side_lane, "close_old_connections", fail)
    gate.opened.set()
    for name in "abcd":
        lane.do(name, gate.work(name))

    gate.await_begun(4)
