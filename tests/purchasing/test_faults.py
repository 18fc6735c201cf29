"""A supplier that goes wrong in every way it can: nothing is bought twice, nothing paid is lost."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache

from saleor_cdkeys.models import Alert, Key, Purchase
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, PurchaseStatus, Reason
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault
from tests.factories.cdkeys import buy, run
from tests.purchasing.books import (
    run_again,
    run_until_at_rest,
    sold_codes,
    statuses,
    stored_codes,
)

#: The supplier sold, and its answer did not tell so.
SOLD_AND_LOST = [
    Fault.TIMEOUT_AFTER,
    Fault.DROP_AFTER,
    Fault.ERROR_AFTER,
    Fault.DOWN_AFTER,
    Fault.GARBAGE,
    Fault.CUT_OFF,
    Fault.UNREADABLE,
    Fault.LOOKUP_ERROR,
]
#: It sold nothing, and its answer did not tell so either.
NOT_SOLD_AND_UNCLEAR = [
    Fault.TIMEOUT_BEFORE,
    Fault.DROP_BEFORE,
    Fault.ERROR_BEFORE,
    Fault.DOWN_BEFORE,
]


@pytest.mark.parametrize("fault", SOLD_AND_LOST)
def test_what_was_sold_is_found_and_not_bought_again(channel, product, sandbox, fault):
    sandbox.script.queue([fault])
    order = buy(channel=channel, lines=[(product, 2)])

    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUTCOME_UNKNOWN)
    assert statuses() == [PurchaseStatus.UNKNOWN]
    assert row.next_run_at is not None

    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert statuses() == [PurchaseStatus.COMPLETED]
    assert len(sandbox.shop.ledger) == 1
    assert sandbox.shop.refused_references == []
    assert stored_codes() == sold_codes(sandbox)
    assert not Alert.objects.filter(resolved_at=None).exists()


@pytest.mark.parametrize("fault", NOT_SOLD_AND_UNCLEAR)
def test_what_was_not_sold_is_bought_again_only_after_the_quiet_period(
    channel, product, sandbox, quietly, fault
):
    sandbox.script.queue([fault])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)

    row = run_again(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUTCOME_UNKNOWN)
    assert sandbox.shop.ledger == {}
    wait = row.next_run_at - row.updated_at
    assert 50 < wait.total_seconds() <= 60

    quietly()
    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert statuses() == [PurchaseStatus.NOT_SENT, PurchaseStatus.COMPLETED]
    assert len(sandbox.shop.ledger) == 1


def test_another_supplier_is_not_asked_while_the_first_is_unclear(channel, product, sandbox):
    from tests.factories.cdkeys import make_mapping, make_supplier

    make_mapping(product, make_supplier(name="Second", config={"base_url": sandbox.url}), "P2", 1)
    sandbox.script.queue([Fault.DROP_BEFORE])
    order = buy(channel=channel, lines=[(product, 1)])

    run(order)
    for _round in range(3):
        row = run_again(order)

    assert row.reason == Reason.OUTCOME_UNKNOWN
    assert "GET /products/P2" not in sandbox.requests
    assert sandbox.shop.ledger == {}


@pytest.mark.parametrize("fault", [Fault.LATE, Fault.LATE_REST])
def test_late_keys_are_waited_for(channel, product, sandbox, fault):
    sandbox.script.queue([fault])
    order = buy(channel=channel, lines=[(product, 2)])

    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_PENDING)
    assert statuses() == [PurchaseStatus.ACCEPTED]
    time.sleep(0.3)
    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert statuses() == [PurchaseStatus.COMPLETED]
    assert len(sandbox.shop.ledger) == 1
    assert stored_codes() == sold_codes(sandbox)


def test_one_key_that_came_and_one_that_is_late_are_counted(channel, product, sandbox):
    sandbox.script.queue([Fault.LATE_REST])
    (row,) = run(buy(channel=channel, lines=[(product, 3)]))

    assert sorted(unit.status for unit in row.units.all()) == ["filled", "open", "open"]
    assert row.detail == "1 of 3 keys came."


@pytest.mark.parametrize("fault", [Fault.IMAGE, Fault.FILE, Fault.FIELDS])
def test_keys_of_every_form_are_delivered(channel, product, sandbox, fault):
    sandbox.script.queue([fault])

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert Key.objects.get().kind == fault.value


def test_too_many_keys_fill_the_order_and_the_stock(channel, product, sandbox):
    sandbox.script.queue([Fault.TOO_MANY])

    (row,) = run(buy(channel=channel, lines=[(product, 2)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 1
    assert stored_codes() == sold_codes(sandbox)
    assert Alert.objects.get().kind == "supplier_delivery"


def test_too_few_keys_that_were_not_charged_are_bought_in_addition(channel, product, sandbox):
    sandbox.script.queue([Fault.TOO_FEW])

    (row,) = run(buy(channel=channel, lines=[(product, 3)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert list(Purchase.objects.order_by("id").values_list("quantity", "charged_amount")) == [
        (3, 10),
        (1, 5),
    ]
    assert not Alert.objects.exists()


def test_a_sale_of_nothing_is_not_repeated_at_once(channel, product, sandbox):
    sandbox.script.queue([Fault.TOO_FEW])
    order = buy(channel=channel, lines=[(product, 1)])

    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.PROCESSING, Reason.SUPPLIER_ERROR)
    assert len(sandbox.shop.ledger) == 1
    row = run_again(order)

    assert row.status == KeyOrderStatus.DELIVERED


def test_too_few_keys_that_were_charged_need_a_person(channel, product, sandbox):
    sandbox.script.queue([Fault.TOO_FEW_CHARGED])
    order = buy(channel=channel, lines=[(product, 2)])

    (row,) = run(order)
    for _round in range(2):
        row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SHORT_DELIVERY)
    assert len(sandbox.shop.ledger) == 1
    assert set(Alert.objects.filter(resolved_at=None).values_list("kind", flat=True)) == {
        "supplier_delivery",
        "key_order_waiting",
    }


def test_a_code_that_is_known_already_is_never_delivered(channel, product, sandbox):
    run(buy(channel=channel, lines=[(product, 1)]))
    sandbox.script.queue([Fault.DUPLICATE_CODE])
    order = buy(channel=channel, lines=[(product, 1)])

    (row,) = run(order)
    row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.DUPLICATE_CODE)
    assert Key.objects.count() == 1
    second = Purchase.objects.order_by("id").last()
    assert second.review == Reason.DUPLICATE_CODE
    assert second.sealed_answer is not None
    assert len(sandbox.shop.ledger) == 2


@pytest.mark.parametrize("fault", [Fault.NO_STOCK, Fault.NO_BALANCE, Fault.WRONG_CREDENTIALS])
def test_a_clear_no_leads_to_the_next_supplier(channel, product, sandbox, fault):
    from tests.factories.cdkeys import make_mapping, make_supplier

    make_mapping(product, make_supplier(name="Second", config={"base_url": sandbox.url}), "P2", 1)
    sandbox.script.queue([fault], product="P1")

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert statuses() == [PurchaseStatus.REFUSED, PurchaseStatus.COMPLETED]


def test_a_busy_supplier_is_left_alone_as_long_as_it_asks(channel, product, sandbox):
    sandbox.retry_after = 77
    sandbox.script.queue([Fault.BUSY])
    order = buy(channel=channel, lines=[(product, 1)])

    (row,) = run(order)

    assert (row.status, row.reason) == (KeyOrderStatus.PROCESSING, Reason.SUPPLIER_ERROR)
    wait = row.next_run_at - row.updated_at
    assert 76 <= wait.total_seconds() <= 155
    asked = len(sandbox.requests)
    # Whoever comes earlier, for this order or another, does not ask.
    assert run_again(order).status == KeyOrderStatus.PROCESSING
    assert len(sandbox.requests) == asked
    cache.clear()
    assert run_again(order).status == KeyOrderStatus.DELIVERED


def test_a_supplier_that_is_away_is_tried_again_and_given_up_in_the_end(
    channel, product, sandbox, settings
):
    settings.CDKEYS_MAX_ATTEMPTS = 3
    sandbox.stop()
    order = buy(channel=channel, lines=[(product, 1)])

    (row,) = run(order)
    assert (row.status, row.attempts) == (KeyOrderStatus.PROCESSING, 1)
    run_again(order)
    row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.FAILED, Reason.SUPPLIER_ERROR)
    assert row.next_run_at is None
    assert Alert.objects.get(resolved_at=None).kind == "key_order_failed"
    assert not Purchase.objects.exists()


def test_a_look_up_that_fails_again_and_again_is_told(channel, product, sandbox):
    sandbox.script.queue([Fault.DROP_AFTER])
    sandbox.script.queue_for(Call.LOOKUP, [Fault.DOWN_BEFORE] * 4)
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)

    for _round in range(3):
        run_again(order)
    assert not Alert.objects.exists()
    run_again(order)
    alert = Alert.objects.get()
    assert alert.kind == "outcome_unknown"
    assert str(Purchase.objects.get().reference) in alert.message

    assert run_again(order).status == KeyOrderStatus.DELIVERED
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_an_order_that_the_supplier_forgot_needs_a_person(channel, product, sandbox, quietly):
    sandbox.script.queue([Fault.LATE])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    sandbox.shop._ledger._all("DELETE FROM sold")
    quietly()

    row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUTCOME_UNKNOWN)
    assert row.next_run_at is None
    assert statuses() == [PurchaseStatus.ACCEPTED]
    assert set(Alert.objects.filter(resolved_at=None).values_list("kind", flat=True)) == {
        "outcome_unknown",
        "key_order_waiting",
    }


def test_a_supplier_that_cannot_be_asked_needs_a_person(channel, product, sandbox, monkeypatch):
    import dataclasses

    from saleor_cdkeys.suppliers.sandbox import SandboxSupplier

    monkeypatch.setattr(
        SandboxSupplier,
        "capabilities",
        dataclasses.replace(SandboxSupplier.capabilities, order_lookup=False),
    )
    sandbox.script.queue([Fault.DROP_AFTER])
    order = buy(channel=channel, lines=[(product, 1)])

    run(order)
    row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUTCOME_UNKNOWN)
    assert row.next_run_at is None
    assert "GET /orders" not in sandbox.requests
    assert Alert.objects.filter(kind="outcome_unknown", resolved_at=None).count() == 1


def test_an_adapter_that_breaks_while_buying_leaves_the_outcome_unknown(
    channel, product, sandbox, monkeypatch, caplog
):
    from saleor_cdkeys.suppliers import sandbox as adapter

    real = adapter._order
    monkeypatch.setattr(adapter, "_order", lambda answer: 1 / 0)
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUTCOME_UNKNOWN)
    monkeypatch.setattr(adapter, "_order", real)

    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert len(sandbox.shop.ledger) == 1
    (sold,) = sandbox.shop.ledger.values()
    assert sold.keys[0]["code"] not in caplog.text
