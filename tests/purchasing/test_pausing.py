"""A supplier that fails is left alone for a while, tried out by itself, and taken up again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition import health, suppliers
from saleor_cdkeys.models import Alert, KeyOrder, Supplier
from saleor_cdkeys.statuses import KeyOrderStatus, PauseReason, Reason
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault
from tests.factories.cdkeys import buy, make_mapping, make_supplier, run
from tests.purchasing.books import run_again


@pytest.fixture(autouse=True)
def _soon_paused(settings):
    settings.CDKEYS_PAUSE_AFTER = 3


def _fail(supplier, times: int) -> Supplier:
    for _time in range(times):
        health.note_failure(supplier_id=supplier.pk, message="It is down.")
    supplier.refresh_from_db()
    return supplier


def _due_now() -> None:
    Supplier.objects.update(paused_until=timezone.now())


def test_failures_in_a_row_pause_a_supplier(supplier):
    assert _fail(supplier, 2).pause_reason == ""

    _fail(supplier, 1)

    assert (supplier.pause_reason, supplier.pause_message) == (PauseReason.ERRORS, "It is down.")
    pause = supplier.paused_until - timezone.now()
    assert dt.timedelta(seconds=47) < pause <= dt.timedelta(seconds=72)
    alert = Alert.objects.get(resolved_at=None)
    assert (alert.kind, alert.subject) == ("supplier_paused", f"supplier:{supplier.pk}")
    assert "It is down." in alert.message


def test_an_answer_in_between_starts_the_count_anew(supplier):
    _fail(supplier, 2)
    health.note_success(supplier_id=supplier.pk)
    assert _fail(supplier, 2).pause_reason == ""


def test_pausing_can_be_switched_off(supplier, settings):
    settings.CDKEYS_PAUSE_AFTER = 0
    assert _fail(supplier, 10).pause_reason == ""
    assert not health.pause(supplier_id=supplier.pk, reason=PauseReason.ACCOUNT, message="")


def test_orders_that_fail_pause_it_and_the_next_do_not_ask(channel, product, sandbox, supplier):
    sandbox.script.queue_for(Call.QUOTE, [Fault.DOWN_BEFORE] * 3)
    for _order in range(3):
        run(buy(channel=channel, lines=[(product, 1)]))
    supplier.refresh_from_db()
    assert supplier.pause_reason == PauseReason.ERRORS
    asked = len(sandbox.requests)

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_ERROR)
    assert "is paused" in row.detail
    assert len(sandbox.requests) == asked


def test_a_paused_supplier_does_not_stop_the_next(channel, product, sandbox, supplier):
    _fail(supplier, 3)
    make_mapping(product, make_supplier(name="Second", config={"base_url": sandbox.url}), "P2", 1)

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED


def test_a_purchase_whose_outcome_is_unknown_is_looked_up_all_the_same(
    channel, product, sandbox, supplier
):
    sandbox.script.queue([Fault.DROP_AFTER])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    _fail(supplier, 3)

    assert run_again(order).status == KeyOrderStatus.DELIVERED


def test_it_is_tried_out_when_its_time_has_come(channel, product, sandbox, supplier):
    _fail(supplier, 3)
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    assert health.try_out_paused() == 0
    assert sandbox.requests == []

    _due_now()
    assert health.try_out_paused() == 1

    assert sandbox.requests == ["GET /balance"]
    supplier.refresh_from_db()
    assert (supplier.pause_reason, supplier.paused_until, supplier.failures) == ("", None, 0)
    assert not Alert.objects.filter(kind="supplier_paused", resolved_at=None).exists()
    # What waited is due, without anybody doing anything.
    assert KeyOrder.objects.get().next_run_at <= timezone.now()
    assert run(order)[0].status == KeyOrderStatus.DELIVERED


def test_a_trial_in_vain_makes_the_pause_longer(supplier, sandbox):
    _fail(supplier, 3)
    sandbox.script.queue_for(Call.BALANCE, [Fault.DOWN_BEFORE] * 2)
    pauses = []
    for _trial in range(2):
        _due_now()
        assert health.try_out_paused() == 0
        supplier.refresh_from_db()
        pauses.append((supplier.paused_until - timezone.now()).total_seconds())

    assert 95 < pauses[0] <= 144 < 191 < pauses[1] <= 288
    assert "503" in supplier.pause_message
    assert Alert.objects.filter(kind="supplier_paused", resolved_at=None).count() == 1


def test_a_refused_account_is_paused_longer_each_time_until_it_sells(
    channel, product, sandbox, supplier
):
    order = buy(channel=channel, lines=[(product, 1)])
    lengths = []
    for _try in range(3):
        sandbox.script.queue([Fault.NO_BALANCE])
        run_again(order)
        supplier.refresh_from_db()
        assert supplier.pause_reason == PauseReason.ACCOUNT
        lengths.append((supplier.paused_until - timezone.now()).total_seconds())
        _due_now()
        health.try_out_paused()
    assert lengths[0] < lengths[1] < lengths[2]

    assert run_again(order).status == KeyOrderStatus.DELIVERED
    supplier.refresh_from_db()
    assert (supplier.pause_reason, supplier.pauses) == ("", 0)


def test_two_who_try_it_out_at_once_ask_once(supplier, sandbox, monkeypatch):
    _fail(supplier, 3)
    _due_now()
    seen = list(health._due())

    assert seen == [supplier]
    assert list(health._due()) == []


def test_credentials_that_staff_mend_end_the_pause_at_once(channel, product, sandbox, supplier):
    health.pause(supplier_id=supplier.pk, reason=PauseReason.ACCOUNT, message="No.")
    order = buy(channel=channel, lines=[(product, 1)])
    assert run(order)[0].status == KeyOrderStatus.WAITING

    suppliers.update(supplier_id=supplier.pk, values={"secrets": {"api_key": "new"}})

    supplier.refresh_from_db()
    assert supplier.pause_reason == ""
    assert run(order)[0].status == KeyOrderStatus.DELIVERED


def test_an_account_that_is_switched_off_is_not_tried_out(supplier, sandbox):
    _fail(supplier, 3)
    Supplier.objects.update(is_active=False)
    _due_now()
    assert health.try_out_paused() == 0
    assert sandbox.requests == []
