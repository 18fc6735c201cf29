"""Paying, once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    Busy,
    NotSent,
    OutcomeUnknown,
    Refused,
)
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.g2a.account import calls_of, code_as_told, sold_key
from tests.suppliers.g2a.answers import CODE, ORDER, PRODUCT, RESERVED, error_told


@pytest.mark.parametrize(
    ("code", "status", "expected", "told"),
    [
        ("AUTH01", "403 Forbidden", AccountProblem, "AUTH01"),
        ("AUTH02", "401 Unauthorized", AccountProblem, "401"),
        ("AUTH03", "403 Forbidden", AccountProblem, "AUTH03"),
        ("BR01", "400 Bad Request", Refused, "BR01"),
        ("BR02", "400 Bad Request", Refused, "BR02"),
        ("BR03", "429 Too Many Requests", Busy, "429"),
        ("BR04", "400 Bad Request", Refused, "BR04"),
        ("BR08", "400 Bad Request", Refused, "BR08"),
        ("CTTYPE", "400 Bad Request", Refused, "CTTYPE"),
        ("WRONGURL", "404 Not Found", Refused, "WRONGURL"),
        ("ORD01", "400 Bad Request", Refused, "ORD01"),
        ("ORD02", "404 Not Found", Refused, "ORD02"),
        ("ORD03", "403 Forbidden", OutcomeUnknown, "ORD03"),
        ("ORD04", "400 Bad Request", OutcomeUnknown, "ORD04"),
        ("ORD05", "402 Payment Required", OutcomeUnknown, "ORD05"),
        ("ORD06", "403 Forbidden", OutcomeUnknown, "ORD06"),
        ("ORD110", "403 Forbidden", OutcomeUnknown, "ORD110"),
        ("ORD111", "403 Forbidden", OutcomeUnknown, "ORD111"),
        ("ORD112", "403 Forbidden", BalanceTooLow, "ORD112"),
        ("ORD112", "200 OK", BalanceTooLow, "ORD112"),
        ("ORD113", "403 Forbidden", OutcomeUnknown, "ORD113"),
        ("ORD114", "403 Forbidden", NotSent, "ORD114"),
        ("ORD120", "403 Forbidden", OutcomeUnknown, "ORD120"),
        ("ORD121", "403 Forbidden", AccountProblem, "ORD121"),
        ("ORD122", "502 Bad Gateway", OutcomeUnknown, "502"),
        ("API00", "500 Internal Server Error", OutcomeUnknown, "500"),
        ("ERR99", "503 Service Unavailable", OutcomeUnknown, "503"),
        ("ORD999", "409 Conflict", OutcomeUnknown, "ORD999"),
        (CODE, "409 Conflict", OutcomeUnknown, "409"),
        ("PR01", "200 OK", OutcomeUnknown, "PR01"),
    ],
)
def test_each_code_of_paying(on_wire, code, status, expected, told):
    worker = on_wire(says(RESERVED), error_told(code, status))

    error = worker.fails(expected)

    assert error.supplier_code == told
    assert calls_of(worker) == ["POST /v1/order", f"PUT /v1/order/pay/{ORDER}"]
    assert worker.order_id == ORDER
    if expected is OutcomeUnknown:
        assert error.supplier_order_id == ORDER


@pytest.mark.parametrize(
    "body",
    [{}, {"status": False}, {"status": "true"}, {"transaction_id": "T1"}, [True], True, CODE],
)
def test_what_does_not_say_paid_is_unknown(on_wire, body):
    worker = on_wire(says(RESERVED), says(body))
    assert worker.fails(OutcomeUnknown).supplier_order_id == ORDER


def test_an_unclear_payment_is_neither_repeated_nor_followed_by_another_order(worker, server):
    server.script.queue([Fault.DROP_AFTER])

    error = worker.fails(OutcomeUnknown)
    found = worker.find()

    assert error.supplier_order_id == worker.order_id
    assert server.requests == [
        "POST /v1/order",
        f"PUT /v1/order/pay/{worker.order_id}",
        f"GET /v1/order/details/{worker.order_id}",
        f"GET /v1/order/key/{worker.order_id}",
    ]
    assert [key.code for key in found.keys] == [code_as_told(sold_key(server, worker))]
    assert found.is_final
    assert found.charged == Money(Decimal("5.10"), "EUR")
    assert server.shop.balance == Decimal(1_000_000) - Decimal("5.10")


def test_a_payment_that_comes_too_late_bought_nothing(worker, server):
    def note(order_id: str) -> None:
        server.orders.pass_time(minutes=31)

    worker.note = note
    assert worker.fails(NotSent).supplier_code == "ORD114"
    assert server.shop.ledger == {}
    assert server.shop.product(PRODUCT).stock == 99
    worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert server.shop.product(PRODUCT).stock == 100


def test_a_payment_does_not_leave_after_its_time(worker, server):
    class Late:
        has_passed = False

    late = Late()

    def note(_order_id: str) -> None:
        late.has_passed = True

    worker.note = note
    worker.fails(NotSent, not_after=late)
    assert server.requests == ["POST /v1/order"]
    worker.fails(NotSent, not_after=Deadline(-1))
    assert server.requests == ["POST /v1/order"]
