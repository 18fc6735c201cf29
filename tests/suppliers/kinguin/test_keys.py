"""The keys of an order: their forms, their pages, and one at a time."""

from __future__ import annotations

import base64

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import CodeKind, KeyCode
from tests.suppliers.asking import says
from tests.suppliers.kinguin.account import buy, facing, find, looked_up, make_query, refusal
from tests.suppliers.kinguin.answers import CODE, KEY, ORDER, REFERENCE, as_json


@pytest.mark.parametrize(
    ("media_type", "filename"),
    [("image/png", "key.png"), ("image/jpeg", "key.jpg"), ("image/gif", "key.gif")],
)
def test_a_picture_is_a_key(media_type, filename):
    data = b"\x89PNG picture \x00\xff"
    item = {**KEY, "type": media_type, "serial": base64.encodebytes(data).decode()}
    (key,) = looked_up(ORDER, [item]).keys
    assert key.code == KeyCode.of_bytes(data, media_type=media_type, filename=filename)
    assert key.code.kind is CodeKind.IMAGE


def test_keys_are_read_to_the_last_page(kept):
    keys = [{**KEY, "id": f"k{number}", "serial": f"{CODE}-{number}"} for number in range(130)]
    body = {**ORDER, "status": "completed", "products": [{"qty": 130}]}
    pages = (keys[:100], keys[99:])
    with facing(says(body), *(says(page) for page in pages)) as (adapter, _wire):
        order = adapter.find_order(
            make_query(REFERENCE, supplier_order_id="PAB12CDEF3G"), keep=kept.append
        )
    assert [key.supplier_key_id for key in order.keys] == [f"k{n}" for n in range(130)]
    assert order.is_final
    assert kept == [as_json(page) for page in pages]


def test_a_list_of_keys_that_does_not_end_is_no_list():
    with facing(says(ORDER), says([KEY] * 100)) as (adapter, wire):
        error = refusal(find, adapter, REFERENCE, supplier_order_id="PAB12CDEF3G")
    assert type(error) is OutcomeUnknown
    assert len(wire.requests) == 21


def test_keys_come_one_at_a_time(server, adapter):
    server.books.step = 60
    server.shop.late_seconds = 0
    server.script.queue([Fault.LATE])
    order = buy(adapter, quantity=3)
    assert len(order.keys) == 1
    assert not order.is_final
