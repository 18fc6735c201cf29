"""Making an order costs nothing, so whatever is unclear of it was not bought."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    Busy,
    NotSent,
    OutOfStock,
    PriceTooHigh,
    Refused,
)
from saleor_cdkeys.suppliers.fakes.g2a_shop import Facts
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product
from saleor_cdkeys.values import CodeKind
from tests.suppliers.asking import says
from tests.suppliers.g2a.account import calls_of
from tests.suppliers.g2a.answers import CODE, KEY, ORDER, PAID, PRODUCT, RESERVED, error_told
from tests.suppliers.wire import silent


@pytest.mark.parametrize(
    "fault",
    [
        Fault.TIMEOUT_BEFORE,
        Fault.TIMEOUT_AFTER,
        Fault.DROP_BEFORE,
        Fault.DROP_AFTER,
        Fault.ERROR_AFTER,
        Fault.DOWN_BEFORE,
        Fault.GARBAGE,
        Fault.CUT_OFF,
        Fault.UNREADABLE,
    ],
)
def test_an_unclear_answer_to_making_an_order_bought_nothing(worker, server, fault):
    server.order_script.queue([fault])

    worker.fails(NotSent)

    assert worker.order_id == ""
    assert server.requests == ["POST /v1/order"]
    assert server.shop.ledger == {}
    assert [key.code.kind for key in worker.buy().keys] == [CodeKind.TEXT]


@pytest.mark.parametrize(
    "body",
    [
        {**RESERVED, "order_id": ""},
        {**RESERVED, "order_id": None},
        {**RESERVED, "order_id": True},
        {**RESERVED, "order_id": "../products"},
        {**RESERVED, "order_id": "1" * 65},
        {**RESERVED, "price": None},
        {**RESERVED, "price": "x"},
        {**RESERVED, "price": -1},
        {**RESERVED, "price": "NaN"},
        {**RESERVED, "currency": "euros"},
        {"order_id": ORDER, "price": 4.19},
        [RESERVED],
        CODE,
    ],
)
def test_an_order_that_cannot_be_read_is_not_paid_for(on_wire, body):
    worker = on_wire(says(body))
    worker.fails(NotSent)
    assert calls_of(worker) == ["POST /v1/order"]


def test_a_number_may_be_an_id(on_wire):
    worker = on_wire(says({**RESERVED, "order_id": int(ORDER)}), says(PAID), says(KEY))
    assert worker.buy().supplier_order_id == ORDER


def test_an_order_that_is_too_dear_all_the_same_is_not_paid_for(worker, server):
    server.orders.lets_prices_through = True
    error = worker.fails(PriceTooHigh, highest="5.09")
    assert str(error) == "G2A asks 5.1 EUR, at most 5.09 EUR is allowed."
    assert server.requests == ["POST /v1/order"]


def test_an_order_in_another_currency_is_not_paid_for(on_wire):
    worker = on_wire(says({**RESERVED, "currency": "USD"}))
    worker.fails(Refused)
    assert calls_of(worker) == ["POST /v1/order"]


@pytest.mark.parametrize("highest", ["0", "0.009", "-1"])
def test_a_highest_price_of_nothing_is_never_sent(worker, server, highest):
    worker.fails(PriceTooHigh, highest=highest)
    assert server.requests == []


def test_a_no_is_explained_by_a_look_at_the_product(worker, server):
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), 0))
    worker.fails(OutOfStock)
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), 1))
    worker.fails(PriceTooHigh, highest="5.09")
    worker.fails(Refused, product="1")
    server.orders.facts[PRODUCT] = Facts(is_sold=False)
    server.script.queue([Fault.NO_STOCK])
    worker.fails(OutOfStock)
    assert server.shop.ledger == {}


def test_a_no_that_cannot_be_explained_is_told_with_its_code(on_wire):
    docs = [{"id": PRODUCT, "name": "A", "minPrice": 5.1, "qty": 3}]
    worker = on_wire(error_told("BR08"), says({"total": 1, "page": 1, "docs": docs}))
    assert worker.fails(Refused).supplier_code == "BR08"


def test_a_no_without_a_reason_is_no_reason_to_stop(on_wire):
    worker = on_wire(error_told("BR02"), silent)
    assert worker.fails(NotSent).supplier_code == "BR02"


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AUTH01", "403 Forbidden", AccountProblem),
        ("AUTH01", "400 Bad Request", AccountProblem),
        ("AUTH02", "401 Unauthorized", AccountProblem),
        ("AUTH03", "403 Forbidden", AccountProblem),
        ("AUTH04", "403 Forbidden", AccountProblem),
        ("BR01", "400 Bad Request", Refused),
        ("CTTYPE", "400 Bad Request", Refused),
        ("WRONGURL", "404 Not Found", Refused),
        ("BR03", "429 Too Many Requests", Busy),
        ("BR03", "400 Bad Request", Busy),
        ("BR04", "400 Bad Request", Refused),
        ("ORD112", "403 Forbidden", BalanceTooLow),
        ("ORD121", "403 Forbidden", AccountProblem),
        ("ORD122", "502 Bad Gateway", NotSent),
        ("API00", "500 Internal Server Error", NotSent),
        ("ERR99", "500 Internal Server Error", NotSent),
    ],
)
def test_each_code_of_making_an_order(on_wire, code, status, expected):
    worker = on_wire(error_told(code, status))
    worker.fails(expected)
    assert calls_of(worker) == ["POST /v1/order"]
