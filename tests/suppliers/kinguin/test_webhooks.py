"""Messages from Kinguin: hints if they are its own, and nothing more."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import ForgedMessage, Hint, HintKind
from tests.suppliers.kinguin.account import WEBHOOK_SECRET, open_adapter, refusal
from tests.suppliers.kinguin.answers import CODE, P1, REFERENCE, as_json

UPDATED = "2025-07-01T11:24:08.015+00:00"
UPDATED_AT = dt.datetime(2025, 7, 1, 11, 24, 8, 15000, tzinfo=dt.UTC)


@pytest.mark.parametrize("event", ["order.status", "order.complete", "Order.Status"])
def test_a_message_about_an_order_is_a_hint(server, adapter, event):
    headers, body = server.webhook(
        event,
        orderId="PAB12CDEF3G",
        orderExternalId=str(REFERENCE),
        status="completed",
        updatedAt=UPDATED,
    )
    assert adapter.read_message(headers=headers, body=body) == (
        Hint(HintKind.ORDER, "PAB12CDEF3G", str(REFERENCE), UPDATED_AT),
    )


def test_a_message_about_a_product_is_a_hint_under_both_ids(server, adapter):
    headers, body = server.webhook(
        "product.update",
        kinguinId=1949,
        productId=P1,
        qty=845,
        textQty=845,
        cheapestOfferId=["5f7efd272f3a650001f42722"],
        updatedAt=UPDATED,
    )
    lowered = {name.lower(): value for name, value in headers.items()}
    assert adapter.read_message(headers=lowered, body=body) == (
        Hint(HintKind.PRODUCT, P1, updated_at=UPDATED_AT),
        Hint(HintKind.PRODUCT, "1949", updated_at=UPDATED_AT),
    )


def test_messages_out_of_order_tell_which_is_newer(server, adapter):
    hints = []
    for status, moment in (("completed", UPDATED), ("processing", "2025-07-01T10:00:00+00:00")):
        headers, body = server.webhook(
            "order.status", orderId="P1", orderExternalId="x", status=status, updatedAt=moment
        )
        hints += adapter.read_message(headers=headers, body=body)
    assert hints[0].updated_at > hints[1].updated_at
    assert [hint.reference for hint in hints] == ["", ""]


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("order.status", b"<html>"),
        ("order.status", b'{"orderId": 7}'),
        ("order.status", b"[]"),
        ("product.update", b'{"productId": "x"}'),
        ("news", as_json({"orderId": "P1"})),
        ("", b"{}"),
    ],
)
def test_a_message_about_nothing_known_is_no_hint(server, adapter, event, body):
    headers, _body = server.webhook(event)
    assert adapter.read_message(headers=headers, body=body) == (Hint(HintKind.NONE),)


def test_a_message_without_a_time_is_a_hint_all_the_same(server, adapter):
    headers, body = server.webhook("order.status", orderId="P1", updatedAt=CODE)
    assert adapter.read_message(headers=headers, body=body) == (Hint(HintKind.ORDER, "P1"),)


@pytest.mark.parametrize(
    "secret", ["", "wrong", WEBHOOK_SECRET + "x", WEBHOOK_SECRET[:-1], "ü\ud800"]
)
def test_a_forged_message_is_none(server, adapter, secret):
    headers, body = server.webhook("order.status", orderId="P1")
    headers["X-Event-Secret"] = secret
    assert type(refusal(adapter.read_message, headers=headers, body=body)) is ForgedMessage


def test_without_a_secret_every_message_is_forged(server):
    with closing(open_adapter(server.url, webhook_secret=" ")) as adapter:
        for secret in ("", " "):
            headers = {"X-Event-Name": "order.status", "X-Event-Secret": secret}
            error = refusal(adapter.read_message, headers=headers, body=b"{}")
            assert type(error) is ForgedMessage
