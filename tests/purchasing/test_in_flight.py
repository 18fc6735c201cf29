"""What is under way at a supplier is followed, whatever happens to its order meanwhile."""

from __future__ import annotations

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.purchasing.receiving import receive
from saleor_cdkeys.models import ChannelSettings, Key, KeyOrder, KeyProduct, Purchase
from saleor_cdkeys.orders import actions, runner
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, PurchaseStatus, Reason
from saleor_cdkeys.suppliers.base import SuppliedKey, SupplierOrder
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import SYSTEM, KeyCode, Money
from tests.factories.cdkeys import buy, run
from tests.purchasing.books import run_again, run_until_at_rest, sold_codes, statuses, stored_codes


@pytest.fixture
def order(channel, product, sandbox):
    """Bought, and the answer was lost."""
    sandbox.script.queue([Fault.DROP_AFTER])
    order = buy(channel=channel, lines=[(product, 2)])
    run(order)
    assert statuses() == [PurchaseStatus.UNKNOWN]
    return order


class Died(BaseException):
    """A worker that is gone from one moment to the next."""


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "canceled"}, KeyOrderStatus.CANCELED),
        ({"charge_status": "none"}, KeyOrderStatus.REFUNDED),
    ],
)
def test_a_worker_that_dies_while_it_asks_after_an_order_that_was_called_off(
    order, sandbox, monkeypatch, fields, status
):
    def die(**_which):
        raise Died

    type(order).objects.filter(pk=order.pk).update(**fields)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "resolve_leftover", die)
        with pytest.raises(Died):
            run_again(order)

    row = KeyOrder.objects.get()
    assert row.status == status
    assert row.next_run_at <= timezone.now()
    run_until_at_rest(order)
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 2
    assert stored_codes() == sold_codes(sandbox)


def test_an_order_without_a_purchase_that_is_called_off_is_at_rest(channel, product, sandbox):
    order = buy(channel=channel, lines=[(product, 1)], status="canceled")

    (row,) = run(order)

    assert (row.status, row.next_run_at) == (KeyOrderStatus.CANCELED, None)


def _switch_off_the_channel(row):
    ChannelSettings.objects.create(channel_id=row.channel_id, auto_processing=False)


def _switch_off_the_product(row):
    KeyProduct.objects.update(is_active=False)


def _type_keys_from_now_on(row):
    KeyProduct.objects.update(source="manual")


def _hold(row):
    actions.hold(key_order_id=row.pk, note="Look into it.", actor=SYSTEM)


@pytest.mark.parametrize(
    ("park", "reason"),
    [
        (_switch_off_the_channel, Reason.AUTO_PROCESSING_OFF),
        (_switch_off_the_product, Reason.PRODUCT_INACTIVE),
        (_type_keys_from_now_on, Reason.MANUAL_PRODUCT),
        (_hold, Reason.HELD_BY_STAFF),
    ],
)
def test_an_order_that_is_held_meanwhile(order, sandbox, park, reason):
    row = KeyOrder.objects.get()
    park(row)

    row = run_again(order) if reason is not Reason.HELD_BY_STAFF else _as_the_sweeper(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, reason)
    assert statuses() == [PurchaseStatus.COMPLETED]
    assert stored_codes() == sold_codes(sandbox)
    assert row.next_run_at is None
    assert row.detail == ("Look into it." if reason is Reason.HELD_BY_STAFF else "")


def _as_the_sweeper(order):
    """Run what is due, and nothing that is not."""
    assert KeyOrder.objects.get().next_run_at <= timezone.now()
    (row,) = run(order)
    return row


def test_a_held_order_comes_back_for_what_is_still_not_clear(order, sandbox):
    _switch_off_the_channel(KeyOrder.objects.get())
    sandbox.stop()

    row = run_again(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.AUTO_PROCESSING_OFF)
    assert row.next_run_at > timezone.now()
    assert statuses() == [PurchaseStatus.UNKNOWN]


def _answer(*codes, is_final, ids):
    keys = tuple(SuppliedKey(KeyCode.of_text(code)) for code in codes)
    return SupplierOrder(
        supplier_order_id="O-1",
        keys=keys,
        is_final=is_final,
        charged=Money(Purchase.objects.get().unit_price_amount, "EUR"),
        repeated_ids=ids,
    )


def test_a_customer_who_has_all_keys_does_not_wait_for_a_second_order_of_the_supplier(
    channel, product, sandbox
):
    sandbox.script.queue([Fault.LATE])
    sandbox.shop.late_seconds = 3600
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    purchase = Purchase.objects.get()
    sandbox.stop()
    receive(
        purchase_id=purchase.pk,
        order=_answer("FIRST-ORDER-1", is_final=False, ids=("O-1", "O-2")),
    )

    row = run_again(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert statuses() == [PurchaseStatus.ACCEPTED]
    assert row.next_run_at is not None
    receive(
        purchase_id=purchase.pk,
        order=_answer("FIRST-ORDER-1", "SECOND-ORDER-1", is_final=True, ids=("O-1", "O-2")),
    )
    row = run_again(order)
    assert (row.status, row.next_run_at) == (KeyOrderStatus.DELIVERED, None)
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 1
