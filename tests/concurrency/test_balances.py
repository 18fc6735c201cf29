"""A balance that several workers read at once, or that comes late."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models.functions import Now

from saleor_cdkeys.acquisition import balances
from saleor_cdkeys.acquisition.balances import Reading, note_balance, read_balance, watch_balances
from saleor_cdkeys.models import Alert, Supplier
from saleor_cdkeys.statuses import AlertKind
from saleor_cdkeys.suppliers.sandbox_server import SandboxServer, Shop
from saleor_cdkeys.values import Money
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import rewriting
from tests.factories.cdkeys import make_supplier

pytestmark = pytest.mark.race

_WORKERS = 4
_TAKES_THE_LOOK = r'UPDATE "saleor_cdkeys_supplier" SET "balance_due_at"'
_READS_THE_ROW = r'FROM "saleor_cdkeys_supplier".*FOR NO KEY UPDATE'
_TELLS = r"INSERT INTO saleor_cdkeys_alert"

_WHENEVER_ASKED = (r'"saleor_cdkeys_supplier"\."balance_at" <= %s', "%s IS NOT NULL")
_WHOEVER_COMES = (
    r'"saleor_cdkeys_supplier"\."balance_due_at" <= \(STATEMENT_TIMESTAMP\(\)\)',
    "TRUE",
)


@pytest.fixture
def sandbox():
    with SandboxServer(Shop([], balance=Decimal("49.99")), hang_seconds=3.0) as server:
        yield server


@pytest.fixture
def supplier(transactional_db, sandbox):
    """Its balance is 49.99 EUR, and below 50 staff are told."""
    return make_supplier(config={"base_url": sandbox.url}, low_balance_amount=Decimal(50))


def _is_told() -> list[int]:
    """How often it was noticed that the balance is low; nothing, if staff think that it is not."""
    low = Alert.objects.filter(kind=AlertKind.LOW_BALANCE, resolved_at=None)
    return list(low.values_list("count", flat=True))


def _top_up(supplier) -> None:
    """Another worker asks, and is told 100 EUR."""
    asked_at = Supplier.objects.values_list(Now(), flat=True).get(pk=supplier.pk)
    reading = Reading(balance=Money(Decimal(100), "EUR"), asked_at=asked_at)
    note_balance(supplier=supplier, reading=reading)


def _watch_at_once(*, changes=()) -> int:
    point = MeetingPoint(_WORKERS)

    def watch():
        with rewriting(*changes), point.before(_TAKES_THE_LOOK):
            return watch_balances()

    ended = at_once(*[watch] * _WORKERS)
    assert [end.error for end in ended] == [""] * _WORKERS
    return sum(end.value for end in ended)


def test_one_of_the_workers_that_watch_asks(supplier, sandbox):
    assert _watch_at_once() == 1

    assert sandbox.requests == ["GET /balance"]
    assert _is_told() == [1]


def test_without_the_comparison_each_of_them_asks(supplier, sandbox):
    assert _watch_at_once(changes=[_WHOEVER_COMES]) == _WORKERS

    assert sandbox.requests == ["GET /balance"] * _WORKERS


def _answered_late(supplier, *, changes=()) -> Decimal:
    """A worker was told 49.99; before it notes that, another asks and notes 100."""
    has_asked, has_topped_up = MeetingPoint(2), MeetingPoint(2)

    def read():
        with (
            rewriting(*changes),
            has_asked.before(_READS_THE_ROW),
            has_topped_up.before(_READS_THE_ROW),
        ):
            return read_balance(supplier=supplier)

    def top_up():
        has_asked.meet()
        _top_up(supplier)
        has_topped_up.meet()

    late, newer = at_once(read, top_up)
    assert (late.value, newer.error) == (Money(Decimal("49.99"), "EUR"), "")
    supplier.refresh_from_db()
    return supplier.balance_amount


def test_an_older_answer_does_not_replace_a_newer_one(supplier):
    assert _answered_late(supplier) == 100
    assert _is_told() == []


def test_without_the_comparison_the_older_answer_is_kept(supplier):
    assert _answered_late(supplier, changes=[_WHENEVER_ASKED]) == Decimal("49.99")
    assert _is_told() == [1]


def _judged_late(supplier, *, sabotage=contextlib.nullcontext) -> Decimal:
    """A worker has noted 49.99; before it tells staff, another notes 100."""
    has_noted, has_topped_up = MeetingPoint(2), MeetingPoint(2, patience=1.0)

    def read():
        with sabotage(), has_noted.before(_TELLS), has_topped_up.before(_TELLS):
            read_balance(supplier=supplier)

    def top_up():
        has_noted.meet()
        _top_up(supplier)
        has_topped_up.meet()

    ended = at_once(read, top_up)
    assert [end.error for end in ended] == ["", ""]
    supplier.refresh_from_db()
    return supplier.balance_amount


def test_the_alert_is_about_the_balance_that_is_kept(supplier):
    assert _judged_late(supplier) == 100
    assert _is_told() == []
    # It was told once, and cleared once.
    assert Alert.objects.filter(kind=AlertKind.LOW_BALANCE).count() == 1


@contextlib.contextmanager
def _noted_before_it_is_judged():
    judge = balances.judge_balance

    def judge_afterwards(*, supplier):
        connection._commit()
        judge(supplier=supplier)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(balances, "judge_balance", judge_afterwards)
        yield


def test_judged_after_the_commit_the_alert_is_about_another_balance(supplier):
    assert _judged_late(supplier, sabotage=_noted_before_it_is_judged) == 100
    assert _is_told() == [1]
