"""What staff do to a key order, and what they are refused."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys.errors import InvalidInput, MoveRefused
from saleor_cdkeys.models import Alert, Key, KeyOrder, KeyOrderEvent
from saleor_cdkeys.orders import actions
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason
from saleor_cdkeys.values import Actor, KeyCode
from tests.factories.cdkeys import buy, make_key_product, run

STAFF = Actor(user_id=7)
CODES = [KeyCode.of_text("TYPED-0001-CODE"), KeyCode.of_fields({"code": "TYPED-0002", "pin": "9"})]


@pytest.fixture
def waiting(channel):
    product = make_key_product(channel=channel, source="manual")
    order = buy(channel=channel, lines=[(product, 2)])
    (row,) = run(order)
    assert row.reason == Reason.MANUAL_PRODUCT
    return order, row


def test_typed_keys_fill_the_units_and_are_delivered(waiting):
    order, row = waiting

    moved = actions.enter_keys(key_order_id=row.pk, codes=CODES, actor=STAFF)
    assert moved.status == KeyOrderStatus.FULFILLED
    (row,) = run(order)

    assert row.status == KeyOrderStatus.DELIVERED
    keys = Key.objects.order_by("unit__number")
    assert [(key.kind, key.hint, key.unit.number) for key in keys] == [
        ("text", "CODE", 1),
        ("fields", "0002", 2),
    ]
    assert len(mail.outbox) == 1
    assert KeyOrderEvent.objects.get(type="keys_entered").user_id == 7
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_some_typed_keys_leave_the_rest_open(waiting):
    _order, row = waiting

    moved = actions.enter_keys(key_order_id=row.pk, codes=CODES[:1], actor=STAFF)

    assert moved.status == KeyOrderStatus.WAITING
    assert [unit.status for unit in moved.units.all()] == ["filled", "open"]


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], "required"),
        ([KeyCode.of_text("  ")], "required"),
        ([*CODES, KeyCode.of_text("THIRD")], "too_many"),
        ([CODES[0], CODES[0]], "duplicate"),
        ([KeyCode.of_bytes(b"x" * (1024 * 1024 + 1), media_type="image/png")], "invalid"),
    ],
)
def test_unusable_codes_store_nothing(waiting, codes, code):
    _order, row = waiting

    with pytest.raises(InvalidInput) as refusal:
        actions.enter_keys(key_order_id=row.pk, codes=codes, actor=STAFF)

    assert (refusal.value.field, refusal.value.code) == ("keys", code)
    assert Key.objects.count() == 0
    row.refresh_from_db()
    assert row.status == KeyOrderStatus.WAITING
    assert {unit.status for unit in row.units.all()} == {"open"}


def test_nothing_is_typed_into_a_delivered_key_order(channel):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)

    with pytest.raises(InvalidInput):
        actions.enter_keys(key_order_id=row.pk, codes=CODES[:1], actor=STAFF)

    assert Key.objects.count() == 1


def test_nothing_is_typed_for_an_unpaid_order(channel):
    product = make_key_product(channel=channel)
    order = buy(channel=channel, lines=[(product, 1)], charge_status="none")

    with pytest.raises(InvalidInput) as refusal:
        actions.enter_keys(
            key_order_id=KeyOrder.objects.get(order_id=order.pk).pk,
            codes=CODES[:1],
            actor=STAFF,
        )

    assert refusal.value.code == "not_payable"
    assert Key.objects.count() == 0


def test_a_key_order_at_work_is_left_alone(waiting):
    _order, row = waiting
    lease = {
        "lease_token": uuid.uuid4(),
        "lease_expires_at": timezone.now() + dt.timedelta(hours=1),
    }
    KeyOrder.objects.update(**lease)

    for action in (
        lambda: actions.enter_keys(key_order_id=row.pk, codes=CODES, actor=STAFF),
        lambda: actions.hold(key_order_id=row.pk, note="", actor=STAFF),
        lambda: actions.mark_delivered(key_order_id=row.pk, note="by phone", actor=STAFF),
    ):
        with pytest.raises(InvalidInput) as refusal:
            action()
        assert refusal.value.code == "busy"
    actions.process_now(key_order_id=row.pk, actor=STAFF)

    row.refresh_from_db()
    assert (row.status, row.lease_token) == (KeyOrderStatus.WAITING, lease["lease_token"])
    assert Key.objects.count() == 0


def test_marking_delivered_needs_the_keys_and_a_note(waiting):
    _order, row = waiting
    with pytest.raises(MoveRefused):
        actions.mark_delivered(key_order_id=row.pk, note="by phone", actor=STAFF)
    actions.enter_keys(key_order_id=row.pk, codes=CODES, actor=STAFF)
    with pytest.raises(InvalidInput) as refusal:
        actions.mark_delivered(key_order_id=row.pk, note=" ", actor=STAFF)
    assert refusal.value.field == "note"


def test_marked_delivered_is_exposed_and_fulfilled_without_a_mail(waiting):
    order, row = waiting
    actions.enter_keys(key_order_id=row.pk, codes=CODES, actor=STAFF)

    moved = actions.mark_delivered(key_order_id=row.pk, note="read out by phone", actor=STAFF)
    (row,) = run(order)

    assert moved.status == row.status == KeyOrderStatus.DELIVERED
    assert all(key.exposed_at for key in Key.objects.all())
    assert KeyOrderEvent.objects.get(to_status="delivered").message == "read out by phone"
    assert mail.outbox == []
    assert order.lines.get().quantity_fulfilled == 2


def test_a_hold_stops_a_key_order_until_it_is_processed(channel):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    row = KeyOrder.objects.get(order_id=order.pk)

    actions.hold(key_order_id=row.pk, note="calls back", actor=STAFF)
    KeyOrder.objects.update(next_run_at=timezone.now())
    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.HELD_BY_STAFF)
    assert Key.objects.get().status == KeyStatus.AVAILABLE

    actions.process_now(key_order_id=row.pk, actor=STAFF)
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED
