"""What goes out, and the recorded examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.g2a.account import DIGEST, HASH
from tests.suppliers.g2a.answers import CODE, KEY, PAID, RESERVED


def test_the_recorded_examples_are_read_as_they_stand(on_wire):
    worker = on_wire(
        says(b'{"order_id": "61792534", "price": 4.19, "currency": "EUR"}'),
        says('{"status": true, "transaction_id": "…"}'.encode()),
        says(b'{"key": "AAAAA-BBBBB-CCCCC"}'),
    )

    order = worker.buy()

    assert order.supplier_order_id == worker.order_id == "61792534"
    assert [key.code.text for key in order.keys] == [CODE]
    assert order.is_final
    assert order.charged == Money(Decimal("4.19"), "EUR")


def test_three_calls_make_a_purchase(on_wire):
    worker = on_wire(says(RESERVED), says(PAID), says(KEY))
    worker.buy(highest="5.109")

    create, pay, key = worker.wire.requests

    head, _blank, body = create.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/order HTTP/1.1")
    assert f"authorization: {HASH}, {DIGEST}".encode() in head.lower()
    assert b"content-type: application/json" in head.lower()
    assert body == b'{"product_id": "10000068865002", "currency": "EUR", "max_price": 5.10}'
    assert pay.startswith(b"PUT /v1/order/pay/61792534 HTTP/1.1")
    assert pay.endswith(b"\r\n\r\n")
    assert b"content-length: 0" in pay.lower()
    assert key.startswith(b"GET /v1/order/key/61792534 HTTP/1.1")


def test_the_id_is_committed_before_it_is_paid_for(worker, server):
    class Stopped(Exception):
        pass

    def note(_order_id: str) -> None:
        raise Stopped

    worker.note = note
    with pytest.raises(Stopped):
        worker.buy()
    assert server.requests == ["POST /v1/order"]
