"""Process now, hold and mark as delivered over GraphQL: the worker is called, nothing is done."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys.models import Key, KeyOrder, KeyOrderEvent
from saleor_cdkeys.orders import actions
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason
from saleor_cdkeys.values import SYSTEM, KeyCode
from tests.factories.cdkeys import buy, key_orders, make_key_product, run
from tests.graphql.client import global_id
from tests.graphql.mutations.documents import FULFILL, HOLD, MARK_DELIVERED


def _id(row):
    return global_id("CdKeyOrder", row.pk)


@pytest.fixture
def parked(channel):
    """A key order that staff held, although its key is in stock."""
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = key_orders(order)
    actions.hold(key_order_id=row.pk, note="", actor=SYSTEM)
    return row, order


def test_a_parked_key_order_is_made_due_and_a_worker_is_called(mutate, rung, parked, staff):
    row, order = parked
    payloads = []

    orders, messages = rung(lambda: payloads.append(mutate(FULFILL, id=_id(row))))

    assert payloads[0]["errors"] == []
    assert payloads[0]["cdKeyOrder"]["status"] == "PROCESSING"
    assert (orders, messages) == ([order.pk], [])
    assert Key.objects.get().status == KeyStatus.AVAILABLE
    assert mail.outbox == []
    event = KeyOrderEvent.objects.latest("pk")
    assert (event.to_status, event.user_id, event.app_id) == ("processing", staff.pk, None)
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED


def test_an_unpaid_order_is_refused(refused, channel):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)], charge_status="none")

    assert refused(FULFILL, id=_id(key_orders(order)[0])) == [("id", "NOT_PAYABLE")]


def test_a_delivered_key_order_is_not_processed_again(refused, delivered):
    assert refused(FULFILL, id=_id(delivered)) == [("id", "MOVE_REFUSED")]


def test_a_refusal_says_from_and_to_and_calls_nobody(mutate, rung, delivered):
    payloads = []

    orders, messages = rung(lambda: payloads.append(mutate(FULFILL, id=_id(delivered))))

    (error,) = payloads[0]["errors"]
    assert "delivered" in error["message"]
    assert "processing" in error["message"]
    assert (orders, messages) == ([], [])


def test_a_key_order_is_held_with_a_note(mutate, channel, staff):
    product = make_key_product(channel=channel, stock=1)
    (row,) = key_orders(buy(channel=channel, lines=[(product, 1)]))

    payload = mutate(HOLD, id=_id(row), note="calls back")

    row.refresh_from_db()
    assert payload["cdKeyOrder"]["reason"] == "HELD_BY_STAFF"
    assert (row.status, row.reason, row.detail) == (
        KeyOrderStatus.WAITING,
        Reason.HELD_BY_STAFF,
        "calls back",
    )
    assert KeyOrderEvent.objects.latest("pk").user_id == staff.pk


def test_what_is_delivered_cannot_be_held(refused, delivered):
    assert refused(HOLD, id=_id(delivered)) == [("id", "MOVE_REFUSED")]


def test_marked_as_delivered_the_worker_is_to_fulfil_the_line(mutate, rung, manual, staff):
    row, order = manual
    codes = [KeyCode.of_text(f"TYPED-{n}-CODE") for n in range(2)]
    actions.enter_keys(key_order_id=row.pk, codes=codes, actor=SYSTEM)
    payloads = []

    orders, messages = rung(
        lambda: payloads.append(mutate(MARK_DELIVERED, id=_id(row), note="by phone"))
    )

    assert payloads[0]["cdKeyOrder"]["status"] == "DELIVERED"
    assert (orders, messages) == ([order.pk], [])
    event = KeyOrderEvent.objects.latest("pk")
    assert (event.message, event.user_id) == ("by phone", staff.pk)
    assert order.lines.get().quantity_fulfilled == 0
    run(order)
    assert order.lines.get().quantity_fulfilled == 2
    assert mail.outbox == []


def test_marking_needs_a_note_and_the_keys(refused, manual):
    row, _order = manual

    assert refused(MARK_DELIVERED, id=_id(row), note=" ") == [("note", "REQUIRED")]
    assert refused(MARK_DELIVERED, id=_id(row), note="by phone") == [("id", "MOVE_REFUSED")]


def test_a_key_order_at_work_is_left_alone(refused, manual):
    row, _order = manual
    KeyOrder.objects.update(
        lease_token=uuid.uuid4(), lease_expires_at=timezone.now() + dt.timedelta(hours=1)
    )

    assert refused(HOLD, id=_id(row)) == [("id", "BUSY")]
    assert refused(MARK_DELIVERED, id=_id(row), note="by phone") == [("id", "BUSY")]


@pytest.mark.parametrize(
    ("id", "code"),
    [
        (global_id("CdKeyOrder", 0), "NOT_FOUND"),
        (global_id("CdKeyOrder", 2**63 - 1), "NOT_FOUND"),
        (global_id("CdKeyOrder", 2**63), "GRAPHQL_ERROR"),
        (global_id("CdKeyOrder", "1 OR 1=1"), "GRAPHQL_ERROR"),
        (global_id("Order", 1), "GRAPHQL_ERROR"),
        ("", "GRAPHQL_ERROR"),
    ],
)
def test_an_id_of_nothing_is_refused(refused, id, code):
    for document, more in ((FULFILL, {}), (HOLD, {}), (MARK_DELIVERED, {"note": "x"})):
        assert refused(document, id=id, **more) == [("id", code)]


def test_what_belongs_to_a_channel_that_is_gone_can_still_be_worked_on(mutate, parked):
    row, _order = parked
    KeyOrder.objects.update(channel_id=0)

    assert mutate(FULFILL, id=_id(row))["errors"] == []
