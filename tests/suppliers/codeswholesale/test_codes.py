"""Codes that are read one by one: pictures, and texts that were missing."""

from __future__ import annotations

import base64
import json
import uuid
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.sandbox_server import Call, Fault
from saleor_cdkeys.values import CodeKind, Money
from tests.suppliers.asking import ignore
from tests.suppliers.codeswholesale.account import bought, buy, make_query, make_request, texts_of
from tests.suppliers.codeswholesale.answers import CODE, ORDER_ID, error_body, order_told, text_code

PNG = b"\x89PNG\r\n\x1a\n and so on"


def _image(data: bytes, *, filename: str | None = "key.png", code_id: str = "C1") -> dict:
    told = {"codeId": code_id, "codeType": "CODE_IMAGE", "filename": filename}
    return {**told, "code": base64.b64encode(data).decode()}


def _reference(server) -> uuid.UUID:
    (reference,) = server.shop.ledger
    return uuid.UUID(reference)


def test_a_picture_is_read_by_its_id(server, adapter, kept, noted):
    server.script.queue([Fault.IMAGE])

    order = adapter.buy(make_request(), keep=kept.append, note=noted.append)

    codes = server.shop.ledger[str(_reference(server))].keys
    assert [key.code.data for key in order.keys] == [base64.b64decode(c["code"]) for c in codes]
    assert {(k.code.kind, k.code.media_type, k.code.filename) for k in order.keys} == {
        (CodeKind.IMAGE, "image/png", "key.png")
    }
    assert order.is_final
    assert noted == [order.supplier_order_id]
    # The order itself, and each of its pictures.
    assert len(kept) == 3
    assert server.requests[-2:] == [f"GET /v3/codes/{code['id']}" for code in codes]


@pytest.mark.parametrize(
    ("data", "filename", "media_type"),
    [
        (PNG, None, "image/png"),
        (PNG, "key.jpg", "image/png"),
        (b"\xff\xd8\xff\xe0", "key.png", "image/jpeg"),
        (b"GIF89a", "", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", None, "image/webp"),
        (b"%PDF-1.7", "key.png", "application/pdf"),
        (b"anything", "KEY.JPEG", "image/jpeg"),
        (b"<svg onload='x'>", "key.svg", "application/octet-stream"),
        (b"<html>", "key.html", "application/octet-stream"),
        (b"anything", None, "application/octet-stream"),
    ],
)
def test_what_a_picture_is_its_bytes_tell(data, filename, media_type):
    code = {**_image(data, filename=filename), "code": None}
    order, _requests = bought(order_told(code), json.dumps(_image(data, filename=filename)))
    (key,) = order.keys
    assert (key.code.data, key.code.media_type) == (data, media_type)
    assert key.supplier_key_id == "C1"


def test_a_picture_may_stand_in_the_order_and_in_lines():
    image = _image(PNG)
    image["code"] = image["code"][:8] + "\r\n" + image["code"][8:]
    order, requests = bought(order_told(image), quantity=1)
    assert [key.code.data for key in order.keys] == [PNG]
    assert order.is_final
    assert len(requests) == 1


@pytest.mark.parametrize(
    "told",
    [
        ("404 Not Found", error_body(404, 50002)),
        ("500 Internal Server Error", "{}"),
        ("401 Unauthorized", "{}"),
        f'"{CODE}"',
        '{"codeId": "C1", "codeType": "CODE_IMAGE", "code": null}',
        '{"codeId": "C1", "codeType": "CODE_IMAGE", "code": "no-base64"}',
        '{"codeId": "C1", "codeType": "CODE_NEWS", "code": "AAAA"}',
        json.dumps(_image(PNG, code_id="C2")),
    ],
    ids=["404", "500", "401", "text", "null", "base64", "kind", "other"],
)
def test_a_code_that_cannot_be_read_loses_neither_order_nor_other_keys(told, noted):
    order, _requests = bought(
        order_told(text_code(7), {**_image(PNG), "code": None}), told, note=noted.append
    )
    assert texts_of(order) == [CODE]
    assert (order.supplier_order_id, order.is_final) == (ORDER_ID, False)
    assert order.charged == Money(Decimal("10.6"), "EUR")
    assert noted == [ORDER_ID]


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DOWN_BEFORE, Fault.BUSY])
def test_a_picture_that_did_not_come_is_read_later(server, adapter, fault):
    server.script.queue_for(Call.LOOKUP, [fault])
    reference, order = buy(adapter, server, Fault.IMAGE)
    assert (len(order.keys), order.is_final) == (1, False)

    query = make_query(reference, order=order.supplier_order_id)
    later = adapter.find_order(query, keep=ignore)

    assert (len(later.keys), later.is_final) == (2, True)


def test_a_supplier_that_gives_no_pictures_is_left_alone(server, adapter):
    server.script.queue_for(Call.LOOKUP, [Fault.DOWN_BEFORE] * 20)
    order = buy(adapter, server, Fault.IMAGE, quantity=9)[1]
    assert (order.keys, order.is_final) == ((), False)
    assert sum(request.startswith("GET /v3/codes/") for request in server.requests) == 3


def test_a_text_that_is_missing_in_the_order_is_read_by_its_id():
    order, requests = bought(order_told(text_code(1, None)), json.dumps(text_code(1)), quantity=1)
    assert texts_of(order) == [CODE]
    assert order.is_final
    assert requests[1].startswith(b"GET /v3/codes/C1 ")


def test_a_code_of_a_kind_that_is_not_known_is_not_handed_out():
    code = {"codeId": "C1", "codeType": "CODE_NEWS", "code": CODE}
    order, _requests = bought(order_told(code), json.dumps(code), quantity=1)
    assert (order.keys, order.is_final) == ((), False)


def test_codes_may_be_called_as_in_version_2():
    told = [
        {"codeId": "C1", "status": "Text code", "code": CODE},
        {"codeId": "C2", "status": "Image code", "code": base64.b64encode(PNG).decode()},
        {"codeId": "C3", "status": "Pre-ordered code", "code": None},
    ]
    order, requests = bought(order_told(*told), quantity=3)
    assert [key.supplier_key_id for key in order.keys] == ["C1", "C2"]
    assert not order.is_final
    assert len(requests) == 1
