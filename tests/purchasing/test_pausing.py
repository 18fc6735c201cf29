"""A supplier that fails is left alone for a while, tried out by itself, and taken up again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys.acquisition import health, suppliers
from saleor_cdkeys.models import Alert, KeyOrder, Supplier, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus, PauseReason, Reason
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
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


def test_a_price_in_between_starts_the_count_anew(channel, product, sandbox, supplier):
    sandbox.script.queue_for(Call.QUOTE, [Fault.DOWN_BEFORE] * 2)
    for _order in range(2):
        run(buy(channel=channel, lines=[(product, 1)]))
    # It does not sell that dear, so no order is sent.
    product.max_unit_cost_amount, product.max_unit_cost_currency = Decimal("4.99"), "EUR"
    product.save()
    run(buy(channel=channel, lines=[(product, 1)]))
    supplier.refresh_from_db()
    assert supplier.failures == 0

    sandbox.script.queue_for(Call.QUOTE, [Fault.DOWN_BEFORE] * 2)
    for _order in range(2):
        run(buy(channel=channel, lines=[(product, 1)]))

    supplier.refresh_from_db()
    assert (supplier.failures, supplier.pause_reason) == (2, "")


def test_a_clear_no_in_between_starts_the_count_anew(channel, product, sandbox, supplier):
    _fail(supplier, 2)
    SupplierMapping.objects.update(supplier_product_id="unknown")

    run(buy(channel=channel, lines=[(product, 1)]))

    supplier.refresh_from_db()
    assert supplier.failures == 0


def test_one_that_tells_prices_and_fails_at_each_order_is_paused(
    channel, product, sandbox, supplier
):
    sandbox.script.queue([Fault.DOWN_BEFORE] * 3)
    for _order in range(3):
        run(buy(channel=channel, lines=[(product, 1)]))

    supplier.refresh_from_db()
    assert (supplier.order_failures, supplier.failures) == (3, 0)
    assert supplier.pause_reason == PauseReason.ERRORS


def test_a_no_to_an_order_is_no_failure(channel, product, sandbox, supplier):
    Supplier.objects.update(order_failures=2)
    sandbox.script.queue([Fault.NO_STOCK])

    run(buy(channel=channel, lines=[(product, 1)]))

    supplier.refresh_from_db()
    assert (supplier.order_failures, supplier.pause_reason) == (0, "")


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


def _is_told() -> list[str]:
    told = Alert.objects.filter(kind="supplier_paused", resolved_at=None)
    return list(told.values_list("message", flat=True))


def _poor(channel, product, sandbox, supplier, *, left: str = "4.99"):
    """An order that costs 5 EUR where less is left, and the supplier that is paused for it."""
    sandbox.shop.balance = Decimal(left)
    order = buy(channel=channel, lines=[(product, 1)])
    assert run(order)[0].status == KeyOrderStatus.WAITING
    supplier.refresh_from_db()
    assert supplier.pause_reason == PauseReason.BALANCE
    return order


def _try_out(supplier) -> int:
    _due_now()
    ended = health.try_out_paused()
    supplier.refresh_from_db()
    return ended


def test_want_of_money_pauses_it_until_there_is_more(channel, product, sandbox, supplier):
    order = _poor(channel, product, sandbox, supplier)
    told = [
        "Nothing is bought at Sandbox for now: The supplier refused: insufficient_balance. Top it "
        "up; what waits goes on when the balance rose."
    ]
    assert supplier.pause_balance_amount == Decimal("4.99")
    assert _is_told() == told
    lengths = []

    for _trial in range(2):
        assert _try_out(supplier) == 0
        assert supplier.pause_reason == PauseReason.BALANCE
        lengths.append((supplier.paused_until - timezone.now()).total_seconds())
    assert lengths[0] < lengths[1]
    assert _is_told() == told

    sandbox.shop.balance = Decimal(5)
    assert _try_out(supplier) == 1
    assert (supplier.pause_reason, supplier.pause_balance_amount) == ("", None)
    assert _is_told() == []
    assert run(order)[0].status == KeyOrderStatus.DELIVERED
    supplier.refresh_from_db()
    assert supplier.pauses == 0


def test_what_was_told_before_the_pause_does_not_hide_a_top_up(channel, product, sandbox, supplier):
    Supplier.objects.update(balance_amount=Decimal(100), balance_currency="EUR", balance_at=Now())
    _poor(channel, product, sandbox, supplier)

    sandbox.shop.balance = Decimal(50)

    assert _try_out(supplier) == 1


def test_in_a_pause_the_least_that_was_left_counts(channel, product, sandbox, supplier):
    _poor(channel, product, sandbox, supplier)
    sandbox.shop.balance = Decimal(1)
    assert _try_out(supplier) == 0

    sandbox.shop.balance = Decimal(4)

    assert _try_out(supplier) == 1


def test_a_balance_that_could_not_be_told_is_taken_at_the_first_trial(
    channel, product, sandbox, supplier
):
    sandbox.script.queue_for(Call.BALANCE, [Fault.DOWN_BEFORE])
    _poor(channel, product, sandbox, supplier)
    assert supplier.pause_balance_amount is None

    assert _try_out(supplier) == 0
    assert supplier.pause_balance_amount == Decimal("4.99")
    sandbox.shop.balance = Decimal(10)
    assert _try_out(supplier) == 1


def test_staff_need_not_wait_for_a_trial(channel, product, sandbox, supplier):
    order = _poor(channel, product, sandbox, supplier)
    sandbox.shop.balance = Decimal(5)

    suppliers.end_pause(supplier_id=supplier.pk)

    assert _is_told() == []
    assert run(order)[0].status == KeyOrderStatus.DELIVERED


@pytest.fixture
def _tells_no_balance(monkeypatch):
    able = dataclasses.replace(SandboxSupplier.capabilities, balance=False)
    monkeypatch.setattr(SandboxSupplier, "capabilities", able)


@pytest.mark.usefixtures("_tells_no_balance")
def test_one_that_tells_no_balance_is_tried_with_an_order_and_alerted_until_it_sells(
    channel, product, sandbox, supplier
):
    order = _poor(channel, product, sandbox, supplier)
    assert supplier.pause_balance_amount is None
    lengths = []
    for _try in range(3):
        lengths.append((supplier.paused_until - timezone.now()).total_seconds())
        assert _try_out(supplier) == 1
        assert len(_is_told()) == 1
        run_again(order)
        supplier.refresh_from_db()
        assert supplier.pause_reason == PauseReason.BALANCE
    assert lengths[0] < lengths[1] < lengths[2]
    assert Alert.objects.filter(kind="supplier_paused").count() == 1

    sandbox.shop.balance = Decimal(5)
    _try_out(supplier)

    assert run_again(order).status == KeyOrderStatus.DELIVERED
    supplier.refresh_from_db()
    assert (supplier.pause_reason, supplier.pauses) == ("", 0)
    assert _is_told() == []


@pytest.mark.usefixtures("_tells_no_balance")
def test_staff_who_end_a_pause_end_its_alert_even_if_it_has_ended_by_itself(
    channel, product, sandbox, supplier
):
    _poor(channel, product, sandbox, supplier)
    assert _try_out(supplier) == 1
    assert _is_told() != []

    suppliers.end_pause(supplier_id=supplier.pk)

    assert _is_told() == []


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
