"""Notifications and webhooks: hints if they are Bamboo's own, and nothing more."""

from __future__ import annotations

import json
import uuid
from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.bamboo import BambooSupplier
from saleor_cdkeys.suppliers.base import ForgedMessage, Hint, HintKind
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.bamboo.account import NOTIFICATION, WEBHOOK, buy
from tests.suppliers.bamboo.answers import REFERENCE


def _read(adapter, headers: dict, body: bytes) -> list[Hint]:
    return list(adapter.read_message(headers=headers, body=body))


def _order_hint(reference: uuid.UUID) -> Hint:
    return Hint(HintKind.ORDER, id=str(reference), reference=str(reference))


def test_a_notification_tells_of_an_order(server, adapter):
    reference, order = buy(adapter, server)
    hints = _read(adapter, {}, server.notification(str(reference)))
    assert hints == [_order_hint(reference)]
    assert hints[0].id == order.supplier_order_id


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b'"notification-4711"',
        b'{"requestId": "x"}',
        b'{"secretKey": null}',
        b'{"secretKey": ""}',
        b'{"secretKey": "notification-4712"}',
        b'{"secretKey": ["notification-4711"]}',
        b'{"secretKey": "\\ud800"}',
    ],
)
def test_a_notification_without_the_secret_is_forged(adapter, body):
    with pytest.raises(ForgedMessage) as caught:
        _read(adapter, {}, body)
    assert_tells_nothing(caught.value, [NOTIFICATION])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"requestId": str(REFERENCE)}, [_order_hint(REFERENCE)]),
        ({"data": {"requestId": str(REFERENCE).upper()}}, [_order_hint(REFERENCE)]),
        ({"data": {"clientReferenceNumber": str(REFERENCE)}}, [_order_hint(REFERENCE)]),
        (
            {"type": "productupdated.v1", "data": {"productId": 55}},
            [Hint(HintKind.PRODUCT, id="55")],
        ),
        (
            {"type": "productupdated.v1", "data": [{"productId": 55}, {"ProductId": "77"}]},
            [Hint(HintKind.PRODUCT, id="55"), Hint(HintKind.PRODUCT, id="77")],
        ),
        (
            {"type": "productupdated.v1", "products": [{"productId": 55}]},
            [Hint(HintKind.PRODUCT, id="55")],
        ),
        ({"requestId": "no guid"}, [Hint(HintKind.NONE)]),
        ({"type": "news"}, [Hint(HintKind.NONE)]),
        ({"data": None}, [Hint(HintKind.NONE)]),
    ],
)
def test_a_webhook_is_told_by_what_it_holds(server, adapter, message, expected):
    headers, body = server.webhook(message)
    assert _read(adapter, headers, body) == expected
    titled = {name.title(): value for name, value in headers.items()}
    assert _read(adapter, titled, body) == expected


def test_a_webhook_is_read_while_its_secret_is_being_replaced(server, adapter):
    headers, body = server.webhook({"requestId": str(REFERENCE)})
    headers["svix-signature"] = f"v1,b3RoZXI= v1a,x {headers['svix-signature']}"
    assert _read(adapter, headers, body) == [_order_hint(REFERENCE)]


def _forgeries(server):
    headers, body = server.webhook({"requestId": str(REFERENCE)})
    yield headers, body + b" "
    yield {**headers, "svix-id": "msg_other"}, body
    yield {**headers, "svix-timestamp": str(int(headers["svix-timestamp"]) - 1)}, body
    yield {**headers, "svix-timestamp": "soon"}, body
    yield {**headers, "svix-timestamp": "²"}, body
    yield {**headers, "svix-timestamp": ""}, body
    yield {**headers, "svix-signature": ""}, body
    yield {**headers, "svix-signature": headers["svix-signature"].removeprefix("v1,")}, body
    yield {**headers, "svix-signature": headers["svix-signature"].replace("v1", "v2")}, body
    yield {**headers, "svix-signature": "v1,\ud800"}, body
    # The other secret does not open this door.
    yield {**headers, "svix-signature": "v1,x"}, json.dumps({"secretKey": NOTIFICATION}).encode()
    server.webhook_secret = "whsec_b3RoZXI="
    yield server.webhook({"requestId": str(REFERENCE)})


def test_a_webhook_that_is_not_signed_is_forged(server, adapter):
    for headers, body in _forgeries(server):
        with pytest.raises(ForgedMessage) as caught:
            _read(adapter, headers, body)
        assert_tells_nothing(caught.value, [WEBHOOK, NOTIFICATION])


@pytest.mark.parametrize(
    ("age", "is_fresh"), [(290, True), (310, False), (-290, True), (-310, False)]
)
def test_a_webhook_that_is_not_of_now_may_have_been_recorded(server, adapter, age, is_fresh):
    headers, body = server.webhook({"requestId": str(REFERENCE)}, age=age)
    if is_fresh:
        assert _read(adapter, headers, body) == [_order_hint(REFERENCE)]
    else:
        with pytest.raises(ForgedMessage):
            _read(adapter, headers, body)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "ü"])
def test_without_a_secret_every_message_is_forged(server, secret):
    secrets = {"notification_secret": "", "webhook_secret": secret}
    message = {"secretKey": "", "requestId": str(uuid.uuid4())}
    server.webhook_secret = ""
    with closing(BambooSupplier(config={"account_id": 1}, secrets=secrets)) as adapter:
        for headers, body in (({}, json.dumps(message).encode()), server.webhook(message)):
            with pytest.raises(ForgedMessage):
                _read(adapter, headers, body)
