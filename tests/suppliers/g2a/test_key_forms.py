"""The forms that a key may have."""

from __future__ import annotations

import base64
import json
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown, SupplierOrder
from saleor_cdkeys.values import KeyCode, Money
from tests.suppliers.asking import says
from tests.suppliers.g2a.answers import CODE, COMPLETE, ORDER, PAID, RESERVED

PNG = b"\x89PNG\r\n\x1a\n a picture"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"key": f" {CODE}\n"}, KeyCode.of_text(CODE)),
        ({"key": CODE, "isFile": False}, KeyCode.of_text(CODE)),
        ({"key": CODE, "isFile": None}, KeyCode.of_text(CODE)),
        ({"key": 12345678}, KeyCode.of_text("12345678")),
        (
            {"key": base64.b64encode(PNG).decode(), "isFile": True},
            KeyCode.of_bytes(PNG, media_type="image/png", filename="key.png"),
        ),
        (
            {"key": "data:image/png;base64," + base64.b64encode(PNG).decode(), "isFile": True},
            KeyCode.of_bytes(PNG, media_type="image/png", filename="key.png"),
        ),
        (
            {"key": base64.encodebytes(PNG * 9).decode(), "isFile": "true"},
            KeyCode.of_bytes(PNG * 9, media_type="image/png", filename="key.png"),
        ),
        (
            {"key": base64.b64encode(b"<svg>").decode(), "isFile": True},
            KeyCode.of_bytes(b"<svg>", media_type="application/octet-stream", filename="key.bin"),
        ),
        (
            {"key": "https://example.com/key.png", "isFile": True},
            KeyCode.of_text("https://example.com/key.png"),
        ),
        (
            {"key": CODE, "isFile": True},
            KeyCode.of_bytes(CODE.encode(), media_type="text/plain", filename="key.txt"),
        ),
    ],
)
def test_each_form_of_a_key(on_wire, body, code):
    worker = on_wire(says(RESERVED), says(PAID), says(body))
    order = worker.buy()
    assert [key.code for key in order.keys] == [code]
    assert order.is_final


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"key": ""},
        {"key": "  "},
        {"key": None},
        {"key": True},
        {"key": [CODE]},
        {"key": f"{CODE}\x00"},
        {"keys": [CODE]},
        [CODE],
        CODE,
    ],
)
def test_an_answer_without_a_key_is_kept_and_not_final(on_wire, body):
    worker = on_wire(says(RESERVED), says(PAID), says(body), says(COMPLETE), says(body))
    assert worker.buy() == SupplierOrder(
        ORDER, (), is_final=False, charged=Money(Decimal("4.19"), "EUR")
    )
    assert json.dumps(body).encode() in worker.kept
    worker.fails(OutcomeUnknown, worker.find)
