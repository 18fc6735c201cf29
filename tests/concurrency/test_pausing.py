"""A supplier account that several workers find failing, or want to try out, at once."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from functools import partial

import pytest
from django.db.models.functions import Now

from saleor_cdkeys.acquisition import health, suppliers
from saleor_cdkeys.models import Alert, Supplier
from saleor_cdkeys.statuses import AlertKind, PauseReason
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, SandboxServer, Shop
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import rewriting
from tests.factories.cdkeys import make_supplier

pytestmark = pytest.mark.race

_WORKERS = 4
_PAUSES = r'UPDATE "saleor_cdkeys_supplier" SET "pause_reason"'
_TAKES_THE_TRIAL = r"UPDATE saleor_cdkeys_supplier\s+SET paused_until"
_FORGETS_FAILURES = r'UPDATE "saleor_cdkeys_supplier" SET "failures"'

_WHATEVER_THE_STATE = (r'"saleor_cdkeys_supplier"\."pause_reason" = %s', "%s = ''")
_WHOEVER_COMES = (r"AND paused_until <= statement_timestamp\(\)", "")
_WHICHEVER_PAUSE = (r'"saleor_cdkeys_supplier"\."paused_until" = %s', "%s IS NOT NULL")


@pytest.fixture
def sandbox():
    with SandboxServer(Shop([], balance=Decimal(100)), hang_seconds=3.0) as server:
        yield server


@pytest.fixture
def supplier(transactional_db, sandbox, settings):
    settings.CDKEYS_PAUSE_AFTER = _WORKERS
    return make_supplier(config={"base_url": sandbox.url})


def _open_alerts() -> list[tuple[str, int]]:
    return list(Alert.objects.filter(resolved_at=None).values_list("kind", "count"))


def _pause(supplier, *, due: bool = False) -> None:
    assert health.pause(supplier_id=supplier.pk, reason=PauseReason.ERRORS, message="Down.")
    if due:
        Supplier.objects.update(paused_until=Now())


def _fail_at_once(supplier, *, changes=()) -> Supplier:
    point = MeetingPoint(_WORKERS)

    def fail():
        with rewriting(*changes), point.before(_PAUSES):
            health.note_failure(supplier_id=supplier.pk, message="It is down.")

    # One below the limit, so that each of them finds that it is reached.
    Supplier.objects.update(failures=_WORKERS - 1)
    ended = at_once(*[fail] * _WORKERS)
    assert [end.error for end in ended] == [""] * _WORKERS
    supplier.refresh_from_db()
    return supplier


def test_workers_that_see_it_fail_at_once_pause_it_once(supplier):
    paused = _fail_at_once(supplier)

    assert (paused.pause_reason, paused.pauses) == (PauseReason.ERRORS, 1)
    assert paused.failures == 2 * _WORKERS - 1
    assert _open_alerts() == [(AlertKind.SUPPLIER_PAUSED, 1)]


def test_without_the_comparison_each_of_them_pauses_it(supplier):
    paused = _fail_at_once(supplier, changes=[_WHATEVER_THE_STATE])

    assert paused.pauses == _WORKERS
    assert _open_alerts() == [(AlertKind.SUPPLIER_PAUSED, _WORKERS)]


def _try_out_at_once(supplier, sandbox, *, changes=()) -> Supplier:
    _pause(supplier, due=True)
    sandbox.script.queue_for(Call.BALANCE, [Fault.DOWN_BEFORE] * _WORKERS)
    point = MeetingPoint(_WORKERS)

    def try_out():
        with rewriting(*changes), point.before(_TAKES_THE_TRIAL):
            return health.try_out_paused()

    ended = at_once(*[try_out] * _WORKERS)
    assert [end.value for end in ended] == [0] * _WORKERS
    supplier.refresh_from_db()
    return supplier


def test_a_paused_account_is_tried_out_by_one_of_them(supplier, sandbox):
    tried = _try_out_at_once(supplier, sandbox)

    assert sandbox.requests == ["GET /balance"]
    assert tried.pauses == 2
    assert _open_alerts() == [(AlertKind.SUPPLIER_PAUSED, 1)]
    # Not again before its time.
    assert health.try_out_paused() == 0
    assert sandbox.requests == ["GET /balance"]


def test_without_the_comparison_each_of_them_tries_it_out(supplier, sandbox):
    tried = _try_out_at_once(supplier, sandbox, changes=[_WHOEVER_COMES])

    assert sandbox.requests == ["GET /balance"] * _WORKERS
    assert tried.pauses == 1 + _WORKERS


def test_one_of_them_ends_the_pause(supplier, sandbox):
    _pause(supplier, due=True)
    point = MeetingPoint(_WORKERS)

    def try_out():
        with point.before(_TAKES_THE_TRIAL):
            return health.try_out_paused()

    ended = at_once(*[try_out] * _WORKERS)

    assert sorted(end.value for end in ended) == [0, 0, 0, 1]
    assert sandbox.requests == ["GET /balance"]
    supplier.refresh_from_db()
    assert supplier.pause_reason == ""
    assert _open_alerts() == []


def _while_a_trial_is_on_its_way(supplier, sandbox, happens, *, faults=(), changes=()) -> Supplier:
    """The supplier has answered the trial; before that is written down, this happens."""
    _pause(supplier, due=True)
    sandbox.script.queue_for(Call.BALANCE, faults)
    writes = r'UPDATE "saleor_cdkeys_supplier" SET "pause_(reason|message)"'
    has_asked, has_happened = MeetingPoint(2), MeetingPoint(2)

    def try_out():
        with (
            rewriting(*changes),
            has_asked.before(writes),
            has_happened.before(writes),
        ):
            return health.try_out_paused()

    def meanwhile():
        has_asked.meet()
        happens()
        has_happened.meet()

    tried, done = at_once(try_out, meanwhile)
    assert (tried.error, done.error) == ("", "")
    assert sandbox.requests == ["GET /balance"]
    supplier.refresh_from_db()
    return supplier


def _ended_and_blocked(supplier_id: int) -> None:
    suppliers.end_pause(supplier_id=supplier_id)
    health.pause(supplier_id=supplier_id, reason=PauseReason.ACCOUNT, message="Blocked.")


def test_a_trial_does_not_end_a_newer_pause(supplier, sandbox):
    happens = partial(_ended_and_blocked, supplier.pk)
    paused = _while_a_trial_is_on_its_way(supplier, sandbox, happens)

    assert (paused.pause_reason, paused.pause_message) == (PauseReason.ACCOUNT, "Blocked.")
    assert _open_alerts() == [(AlertKind.SUPPLIER_PAUSED, 1)]


def test_without_the_comparison_a_trial_ends_a_newer_pause(supplier, sandbox):
    happens = partial(_ended_and_blocked, supplier.pk)
    paused = _while_a_trial_is_on_its_way(supplier, sandbox, happens, changes=[_WHICHEVER_PAUSE])

    assert paused.pause_reason == ""
    assert _open_alerts() == []


@pytest.mark.parametrize(
    ("changes", "message"), [((), ""), ((_WHICHEVER_PAUSE,), "503")], ids=["kept", "control"]
)
def test_a_trial_in_vain_leaves_alone_what_staff_took_up_again(supplier, sandbox, changes, message):
    taken_up = _while_a_trial_is_on_its_way(
        supplier,
        sandbox,
        partial(suppliers.end_pause, supplier_id=supplier.pk),
        faults=[Fault.DOWN_BEFORE],
        changes=changes,
    )

    assert taken_up.pause_reason == ""
    assert message in taken_up.pause_message
    assert bool(message) == bool(taken_up.pause_message)


def test_an_account_that_staff_switch_off_stays_off_whatever_its_trial_says(supplier, sandbox):
    switched_off = _while_a_trial_is_on_its_way(
        supplier,
        sandbox,
        partial(suppliers.update, supplier_id=supplier.pk, values={"is_active": False}),
    )

    assert switched_off.is_active is False


def _answered_late(supplier, *, changes=()) -> Supplier:
    """An order's answer comes; before that is noted, the account is paused by another."""
    has_answer, is_paused = MeetingPoint(2), MeetingPoint(2)

    def answer():
        with (
            rewriting(*changes),
            has_answer.before(_FORGETS_FAILURES),
            is_paused.before(_FORGETS_FAILURES),
        ):
            health.note_success(supplier_id=supplier.pk)

    def fail():
        has_answer.meet()
        _pause(supplier)
        is_paused.meet()

    answered, failed = at_once(answer, fail)
    assert (answered.error, failed.error) == ("", "")
    supplier.refresh_from_db()
    return supplier


def test_a_success_that_comes_late_does_not_touch_a_newer_pause(supplier):
    paused = _answered_late(supplier)

    assert (paused.pause_reason, paused.pauses) == (PauseReason.ERRORS, 1)
    assert _open_alerts() == [(AlertKind.SUPPLIER_PAUSED, 1)]


def test_without_the_comparison_it_makes_the_next_pause_short(supplier):
    assert _answered_late(supplier, changes=[_WHATEVER_THE_STATE]).pauses == 0


def _overtaken(supplier, *, sabotage=contextlib.nullcontext) -> tuple[str, list[tuple[str, int]]]:
    """A worker pauses the account; before staff are told, they end the pause."""
    is_paused, is_ended = MeetingPoint(2), MeetingPoint(2, patience=1.0)
    tells = r"INSERT INTO saleor_cdkeys_alert"

    def pause():
        with sabotage(), is_paused.before(tells), is_ended.before(tells):
            _pause(supplier)

    def end():
        is_paused.meet()
        suppliers.end_pause(supplier_id=supplier.pk)
        is_ended.meet()

    paused, ended = at_once(pause, end)
    assert (paused.error, ended.error) == ("", "")
    supplier.refresh_from_db()
    return supplier.pause_reason, _open_alerts()


def test_a_pause_that_is_ended_at_once_leaves_no_alert(supplier):
    assert _overtaken(supplier) == ("", [])


@contextlib.contextmanager
def _pause_and_alert_apart():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(health.transaction, "atomic", contextlib.nullcontext)
        yield


def test_apart_from_each_other_the_alert_would_stay(supplier):
    assert _overtaken(supplier, sabotage=_pause_and_alert_apart) == (
        "",
        [(AlertKind.SUPPLIER_PAUSED, 1)],
    )
