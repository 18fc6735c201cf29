"""What staff decide about purchases that nobody else can make clear."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.decision import decide_purchase, reveal_answer
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Alert, KeyOrder, KeyOrderEvent, Purchase
from saleor_cdkeys.orders import actions
from saleor_cdkeys.statuses import KeyOrderStatus, PurchaseStatus, Reason
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Actor, KeyCode
from tests.factories.cdkeys import buy, run
from tests.purchasing.books import run_again

STAFF = Actor(user_id=7, ip="192.0.2.7")


@pytest.fixture
def unclear(channel, product, sandbox):
    """An order whose purchase is unclear, and the supplier is gone for good."""
    sandbox.script.queue([Fault.DROP_BEFORE])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    return order


def test_not_bought_lets_the_order_go_on(unclear, sandbox):
    purchase = Purchase.objects.get()

    decide_purchase(purchase_id=purchase.pk, bought=False, note="They say no.", actor=STAFF)
    row = run_again(unclear)

    assert row.status == KeyOrderStatus.DELIVERED
    purchase.refresh_from_db()
    assert (purchase.status, purchase.answer) == (PurchaseStatus.REFUSED, "They say no.")
    event = KeyOrderEvent.objects.get(type="purchase_answered", user_id=7)
    assert event.message == "They say no."
    assert len(sandbox.shop.ledger) == 1


def test_bought_waits_for_the_keys_that_staff_type(unclear, sandbox):
    purchase = Purchase.objects.get()

    decide_purchase(purchase_id=purchase.pk, bought=True, note="Their order 12.", actor=STAFF)
    row = run_again(unclear)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SHORT_DELIVERY)
    assert sandbox.shop.ledger == {}
    codes = [KeyCode.of_text("TYPED-CODE-0001")]
    actions.enter_keys(key_order_id=row.pk, codes=codes, actor=STAFF)
    assert run_again(unclear).status == KeyOrderStatus.DELIVERED


def test_a_review_ends_and_more_is_bought(channel, product, sandbox):
    sandbox.script.queue([Fault.TOO_FEW_CHARGED])
    order = buy(channel=channel, lines=[(product, 2)])
    run(order)
    purchase = Purchase.objects.get()

    decide_purchase(purchase_id=purchase.pk, bought=False, note="They refund it.", actor=STAFF)
    row = run_again(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_processing_by_staff_ends_a_review_as_well(channel, product, sandbox):
    sandbox.script.queue([Fault.TOO_FEW_CHARGED])
    order = buy(channel=channel, lines=[(product, 2)])
    (row,) = run(order)

    actions.process_now(key_order_id=row.pk, actor=STAFF)
    (row,) = run(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_what_is_clear_is_not_decided(channel, product, sandbox):
    run(buy(channel=channel, lines=[(product, 1)]))

    with pytest.raises(InvalidInput) as refused:
        decide_purchase(
            purchase_id=Purchase.objects.get().pk, bought=False, note="No.", actor=STAFF
        )

    assert (refused.value.field, refused.value.code) == ("id", "not_open")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"note": "  "}, "note", "required"),
        ({"purchase_id": 0}, "id", "not_found"),
    ],
)
def test_what_cannot_be_decided_says_why(unclear, change, field, code):
    arguments = {"purchase_id": Purchase.objects.get().pk, "note": "So they say."} | change

    with pytest.raises(InvalidInput) as refused:
        decide_purchase(bought=False, actor=STAFF, **arguments)

    assert (refused.value.field, refused.value.code) == (field, code)
    assert Purchase.objects.get().status == PurchaseStatus.UNKNOWN


def test_nothing_is_decided_while_a_worker_is_at_it(unclear):
    KeyOrder.objects.update(lease_expires_at=timezone.now() + dt.timedelta(minutes=1))

    with pytest.raises(InvalidInput) as refused:
        decide_purchase(purchase_id=Purchase.objects.get().pk, bought=False, note="x", actor=STAFF)

    assert refused.value.code == "busy"


def test_an_answer_that_could_not_be_read_is_shown_and_that_is_recorded(channel, product, sandbox):
    sandbox.script.queue([Fault.UNREADABLE])
    run(buy(channel=channel, lines=[(product, 1)]))
    purchase = Purchase.objects.get()
    (sold,) = sandbox.shop.ledger.values()
    code = sold.keys[0]["code"]
    assert code.encode() not in bytes(purchase.sealed_answer)

    text = reveal_answer(purchase_id=purchase.pk, actor=STAFF)

    assert code in text
    event = KeyOrderEvent.objects.get(type="revealed")
    assert (event.user_id, event.data["ip"]) == (7, "192.0.2.7")


def test_an_answer_whose_keys_are_stored_is_not_kept(channel, product, sandbox):
    run(buy(channel=channel, lines=[(product, 1)]))

    with pytest.raises(InvalidInput) as refused:
        reveal_answer(purchase_id=Purchase.objects.get().pk, actor=STAFF)

    assert refused.value.code == "not_found"
