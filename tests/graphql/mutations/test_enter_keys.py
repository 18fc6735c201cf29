"""Keys that staff type, over GraphQL: texts, several fields, files."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from saleor_cdkeys.delivery.reveal import reveal_for_staff
from saleor_cdkeys.models import Key, KeyAccess, KeyOrder, KeyOrderEvent
from saleor_cdkeys.statuses import KeyOrderStatus
from saleor_cdkeys.values import SYSTEM
from tests.delivery.rows import GIF
from tests.factories.cdkeys import add_keys, buy, key_orders, make_key_product, make_supplier, run
from tests.graphql.client import global_id
from tests.graphql.mutations.conftest import everything_stored, make_purchase
from tests.graphql.mutations.documents import ENTER_KEYS

CODE = "TYPED-CODE-0001"
PIECES = [{"name": "code", "value": "TYPED-CODE-0002"}, {"name": "pin", "value": "7391"}]


def _id(row):
    return global_id("CdKeyOrder", row.pk)


def _codes():
    keys = Key.objects.order_by("unit__number")
    return [reveal_for_staff(key_id=key.pk, actor=SYSTEM) for key in keys]


def test_typed_keys_fill_the_units_and_a_worker_is_called(mutate, rung, manual, staff):
    row, order = manual
    payloads = []
    given = {
        "keys": [{"text": f" {CODE} "}, {"fields": PIECES}],
        "cost": {"amount": "3.5", "currency": "EUR"},
    }

    orders, messages = rung(lambda: payloads.append(mutate(ENTER_KEYS, id=_id(row), input=given)))

    (payload,) = payloads
    assert payload["errors"] == []
    assert payload["cdKeyOrder"]["status"] == "FULFILLED"
    assert [unit["status"] for unit in payload["cdKeyOrder"]["units"]] == ["FILLED", "FILLED"]
    assert [unit["key"]["hint"] for unit in payload["cdKeyOrder"]["units"]] == ["0001", "0002"]
    assert (orders, messages) == ([order.pk], [])
    assert mail.outbox == []
    assert {(key.cost_amount, key.cost_currency) for key in Key.objects.all()} == {
        (Decimal("3.5"), "EUR")
    }
    assert KeyOrderEvent.objects.get(type="keys_entered").user_id == staff.pk
    assert [code.reveal_text() for code in _codes()] == [CODE, "code: TYPED-CODE-0002\npin: 7391"]
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED


def test_fewer_keys_leave_the_rest_open(mutate, manual):
    row, _order = manual

    payload = mutate(ENTER_KEYS, id=_id(row), input={"keys": [{"text": CODE}]})

    assert [unit["status"] for unit in payload["cdKeyOrder"]["units"]] == ["FILLED", "OPEN"]
    row.refresh_from_db()
    assert row.status == KeyOrderStatus.WAITING
    assert Key.objects.get().cost_amount == 0


def test_files_are_taken_with_their_kind_and_name(api, manual):
    row, _order = manual
    answer = api.upload(
        ENTER_KEYS,
        {"id": _id(row), "input": {"keys": [{"file": None}, {"file": None}]}},
        files={
            "input.keys.0.file": SimpleUploadedFile("../card.gif", GIF, "image/gif"),
            "input.keys.1.file": SimpleUploadedFile("key.dat", b"\0\1", "bad\r\ntype"),
        },
    )

    assert answer.errors == []
    assert answer.data["cdKeyOrderEnterKeys"]["errors"] == []
    image, file = _codes()
    assert (image.kind, image.data, image.media_type) == ("image", GIF, "image/gif")
    assert image.filename == "card.gif"
    assert (file.kind, file.data, file.media_type) == (
        "file",
        b"\0\1",
        "application/octet-stream",
    )


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([], "REQUIRED"),
        ([{}], "INVALID"),
        ([{"text": CODE, "fields": PIECES}], "INVALID"),
        ([{"text": "  "}], "REQUIRED"),
        ([{"fields": []}], "REQUIRED"),
        ([{"fields": [{"name": "code"}]}], "REQUIRED"),
        ([{"file": "nowhere"}], "REQUIRED"),
        ([{"text": CODE}, {"text": f"{CODE}2"}, {"text": f"{CODE}3"}], "TOO_MANY"),
        ([{"text": CODE}, {"text": CODE}], "DUPLICATE"),
        ([{"text": "KNOWN-CODE-0001"}], "DUPLICATE"),
    ],
)
def test_unusable_keys_store_nothing(refused, manual, keys, code):
    row, _order = manual
    add_keys(row.key_product, "KNOWN-CODE-0001")

    assert refused(ENTER_KEYS, id=_id(row), input={"keys": keys}) == [("keys", code)]


def test_a_file_that_is_too_large_stores_nothing(api, manual):
    row, _order = manual
    before = everything_stored()

    answer = api.upload(
        ENTER_KEYS,
        {"id": _id(row), "input": {"keys": [{"file": None}]}},
        files={"input.keys.0.file": SimpleUploadedFile("x.png", bytes(1024**2 + 1), "image/png")},
    )

    assert answer.data["cdKeyOrderEnterKeys"]["errors"] == [
        {"field": "keys", "message": "Key 1 is larger than 1 MB.", "code": "INVALID"}
    ]
    assert everything_stored() == before


@pytest.mark.parametrize(
    "cost", [{"amount": "1", "currency": "euro"}, {"amount": "0.00001", "currency": "EUR"}]
)
def test_a_cost_that_cannot_be_stored_is_refused(refused, manual, cost):
    row, _order = manual

    errors = refused(ENTER_KEYS, id=_id(row), input={"keys": [{"text": CODE}], "cost": cost})

    assert errors == [("cost", "INVALID")]


def test_the_state_of_the_order_may_forbid_it(refused, manual, delivered, channel):
    row, _order = manual
    given = {"keys": [{"text": CODE}]}
    unpaid = buy(
        channel=channel,
        lines=[(make_key_product(channel=channel, sku="unpaid"), 1)],
        charge_status="none",
    )

    assert refused(ENTER_KEYS, id=_id(delivered), input=given) == [("keys", "TOO_MANY")]
    assert refused(ENTER_KEYS, id=_id(key_orders(unpaid)[0]), input=given) == [
        ("id", "NOT_PAYABLE")
    ]
    purchase = make_purchase(row, make_supplier())
    assert refused(ENTER_KEYS, id=_id(row), input=given) == [("id", "PURCHASE_OPEN")]
    purchase.delete()
    KeyOrder.objects.update(
        lease_token=uuid.uuid4(), lease_expires_at=timezone.now() + dt.timedelta(hours=1)
    )
    assert refused(ENTER_KEYS, id=_id(row), input=given) == [("id", "BUSY")]


def test_no_code_is_told_logged_or_stored_in_clear(api, manual, caplog):
    caplog.set_level(logging.DEBUG)
    row, _order = manual
    answers = [
        api.post(ENTER_KEYS, {"id": _id(row), "input": {"keys": keys}})
        for keys in (
            [{"text": CODE}, {"text": CODE}],
            [{"text": CODE, "fields": PIECES}],
            [{"text": CODE}] * 3,
            [{"text": CODE}, {"fields": PIECES}],
            [{"text": CODE}],
        )
    ]

    told = caplog.text + repr(everything_stored()) + "".join(answer.text for answer in answers)
    assert [len(answer.data["cdKeyOrderEnterKeys"]["errors"]) for answer in answers] == [
        1, 1, 1, 0, 1,
    ]  # fmt: skip
    assert "TYPED-CODE" not in told
    assert "7391" not in told
    assert not KeyAccess.objects.exists()
