"""Who is asked to wait by a supplier, or meets an error now and then, is not given up for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from saleor_cdkeys.models import Alert, KeyOrder
from saleor_cdkeys.statuses import EventType, KeyOrderStatus, Reason
from saleor_cdkeys.suppliers.base import OutOfStock, TryLater
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from tests.factories.cdkeys import buy, run
from tests.purchasing.books import run_again


@pytest.fixture
def quotes(monkeypatch, settings):
    """What quotes raise from now on, one after the other; the last one again and again."""
    settings.CDKEYS_PAUSE_AFTER = 0
    answers: list[Exception] = []

    def quote(self, **_what):
        raise answers.pop(0) if len(answers) > 1 else answers[0]

    monkeypatch.setattr(SandboxSupplier, "quote", quote)
    return answers


@pytest.fixture
def order(channel, product, quotes):
    return buy(channel=channel, lines=[(product, 1)])


def test_to_wait_for_ones_turn_is_no_failure(order, quotes, settings):
    settings.CDKEYS_MAX_ATTEMPTS = 3
    quotes.append(TryLater("slowly", retry_after=2.0))

    for _turn in range(10):
        row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.PROCESSING, Reason.SUPPLIER_ERROR)
    assert row.attempts == 0
    assert row.events.filter(type=EventType.RETRY).count() == 1
    assert not Alert.objects.exists()


def test_those_who_were_sent_away_together_do_not_come_back_together(order, quotes):
    quotes.append(TryLater("slowly", retry_after=30.0))
    pauses = []
    for _turn in range(20):
        before = timezone.now()
        pauses.append((run_again(order).next_run_at - before).total_seconds())

    assert min(pauses) >= 30
    assert max(pauses) <= 61
    assert max(pauses) - min(pauses) > 5


def test_staff_are_told_once_of_who_waits_too_long(order, quotes):
    quotes.append(TryLater("slowly", retry_after=2.0))
    run(order)
    KeyOrder.objects.update(paid_at=timezone.now() - dt.timedelta(hours=2))

    run_again(order)
    run_again(order)

    alert = Alert.objects.get()
    assert (alert.kind, alert.count) == ("key_order_waiting", 1)
    assert "slowly" in alert.message


def test_failures_that_are_not_in_a_row_do_not_add_up(order, quotes, settings):
    settings.CDKEYS_MAX_ATTEMPTS = 3
    for _week in range(4):
        quotes[:] = [TryLater("down"), TryLater("down"), OutOfStock("none left")]
        for _try in range(3):
            row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)
    assert row.attempts == 0


def test_failures_in_a_row_do(order, quotes, settings):
    settings.CDKEYS_MAX_ATTEMPTS = 3
    quotes.append(TryLater("down"))
    for _try in range(3):
        row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.FAILED, Reason.SUPPLIER_ERROR)
