"""An order that is taken back while a purchase for it is under way."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.acquisition.purchasing.receiving import receive
from saleor_cdkeys.models import Alert, Key, KeyOrder, Purchase
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, PurchaseStatus, Reason
from saleor_cdkeys.suppliers.base import SuppliedKey, SupplierOrder
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import KeyCode
from tests.factories.cdkeys import buy, run
from tests.purchasing.books import run_until_at_rest, sold_codes, statuses, stored_codes


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.LATE])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "canceled"}, KeyOrderStatus.CANCELED),
        ({"charge_status": "none"}, KeyOrderStatus.REFUNDED),
    ],
)
def test_keys_that_come_afterwards_become_stock(channel, product, sandbox, fault, fields, status):
    sandbox.script.queue([fault])
    order = buy(channel=channel, lines=[(product, 2)])
    run(order)
    assert Key.objects.count() == 0
    type(order).objects.filter(pk=order.pk).update(**fields)
    # By then late keys are ready.
    time.sleep(sandbox.shop.late_seconds)

    row = run_until_at_rest(order)

    assert (row.status, row.next_run_at) == (status, None)
    assert statuses() == [PurchaseStatus.COMPLETED]
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 2
    assert stored_codes() == sold_codes(sandbox)


def test_the_next_customer_gets_the_surplus(channel, product, sandbox):
    sandbox.script.queue([Fault.DROP_AFTER])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    type(order).objects.filter(pk=order.pk).update(status="canceled")
    run_until_at_rest(order)

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert len(sandbox.shop.ledger) == 1


def test_nothing_more_is_bought_when_an_unclear_purchase_turns_out_unsold(
    channel, product, sandbox, quietly
):
    sandbox.script.queue([Fault.DROP_BEFORE])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    type(order).objects.filter(pk=order.pk).update(status="canceled")
    quietly()

    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.CANCELED
    assert statuses() == [PurchaseStatus.NOT_SENT]
    assert sandbox.shop.ledger == {}


def _purchase(row, **fields):
    mapping = row.key_product.mappings.get()
    return Purchase.objects.create(
        key_order=row,
        supplier=mapping.supplier,
        mapping=mapping,
        supplier_product_id="P1",
        quantity=1,
        unit_price_amount=5,
        max_unit_price_amount=20,
        currency="EUR",
        sent_at=timezone.now(),
        **fields,
    )


def _answer(*codes, is_final=True, ids=()):
    keys = [
        SuppliedKey(code=KeyCode.of_text(code), supplier_key_id=ids[n] if ids else "")
        for n, code in enumerate(codes)
    ]
    return SupplierOrder(supplier_order_id="S1", keys=tuple(keys), is_final=is_final)


@pytest.fixture
def row(channel, product):
    buy(channel=channel, lines=[(product, 1)])
    return KeyOrder.objects.get()


def test_an_answer_to_a_purchase_that_was_given_up_is_kept_and_told(row):
    purchase = _purchase(row, status=PurchaseStatus.NOT_SENT)

    receive(purchase_id=purchase.pk, order=_answer("LATE-CODE-0001"))

    purchase.refresh_from_db()
    assert purchase.status == PurchaseStatus.COMPLETED
    assert Key.objects.get().unit.key_order_id == row.pk
    assert "had been closed" in Alert.objects.get().message


def test_the_same_answer_twice_is_stored_once(row):
    purchase = _purchase(row, status=PurchaseStatus.UNKNOWN)

    for _time in range(2):
        receive(purchase_id=purchase.pk, order=_answer("SAME-CODE-0001"))

    assert Key.objects.count() == 1
    assert not Alert.objects.exists()


def test_a_code_that_stands_twice_in_an_answer_is_one_key(row):
    purchase = _purchase(row, status=PurchaseStatus.UNKNOWN)

    receive(purchase_id=purchase.pk, order=_answer("SAME-CODE-0001", "SAME-CODE-0001"))

    purchase.refresh_from_db()
    assert Key.objects.count() == 1
    assert purchase.review == Reason.DUPLICATE_CODE


def test_ids_of_the_supplier_that_repeat_cost_no_key(row):
    purchase = _purchase(row, status=PurchaseStatus.UNKNOWN)

    order = _answer("FIRST-CODE-0001", "SECOND-CODE-002", ids=("7", "7"))
    receive(purchase_id=purchase.pk, order=order)

    assert Key.objects.filter(purchase=purchase).count() == 2


def test_a_key_without_a_code_needs_a_person(row):
    purchase = _purchase(row, status=PurchaseStatus.UNKNOWN)
    journal.keep_answer(purchase=purchase, raw=b"what came")

    receive(purchase_id=purchase.pk, order=_answer("  "))

    purchase.refresh_from_db()
    assert purchase.review == Reason.SHORT_DELIVERY
    assert purchase.sealed_answer is not None
    assert not Key.objects.exists()
