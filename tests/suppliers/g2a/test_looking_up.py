"""Looking an order up: paid for, not paid for, or unclear."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, OutcomeUnknown, SupplierOrder, TryLater
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.g2a.account import DEAD, calls_of
from tests.suppliers.g2a.answers import CODE, KEY, NEW, ORDER, PAID, error_told


def test_without_an_id_nothing_was_paid_for_and_nobody_is_asked(worker, server):
    assert worker.find() is None
    assert server.requests == []


def test_an_unpaid_order_is_unclear_until_it_cannot_be_paid_for(worker, server):
    server.script.queue([Fault.TIMEOUT_BEFORE])
    worker.fails(OutcomeUnknown)

    worker.fails(OutcomeUnknown, worker.find, age=dt.timedelta(minutes=34))
    server.orders.pass_time(minutes=36)
    assert worker.find(age=DEAD) == SupplierOrder(
        worker.order_id, (), is_final=True, charged=Money(Decimal(0), "EUR")
    )
    assert server.shop.ledger == {}
    assert [call for call in server.requests if call.startswith("PUT")] == [
        f"PUT /v1/order/pay/{worker.order_id}"
    ]


def test_an_order_is_not_dead_while_its_payment_may_be_on_its_way(on_wire, settings):
    settings.CDKEYS_QUIET_SECONDS = 3600.0
    worker = on_wire(says(NEW), order_id=ORDER)
    error = worker.fails(OutcomeUnknown, worker.find, age=DEAD)
    assert 1430 < error.retry_after <= 1440


@pytest.mark.parametrize(
    ("age", "pause"), [(0, 60), (59, 60), (61, 600), (599, 600), (700, 1400), (2099, 1)]
)
def test_an_unpaid_order_is_looked_at_seldom(on_wire, age, pause):
    worker = on_wire(says(NEW), order_id=ORDER)
    error = worker.fails(OutcomeUnknown, worker.find, age=dt.timedelta(seconds=age))
    assert error.retry_after == pytest.approx(pause, abs=0.5)


def test_an_order_that_is_called_new_but_has_a_key_is_paid_for(on_wire):
    worker = on_wire(says(NEW), says(KEY), order_id=ORDER)
    order = worker.find(age=DEAD)
    assert [key.code.text for key in order.keys] == [CODE]
    assert order.charged == Money(Decimal("4.19"), "EUR")


def test_an_order_that_is_called_new_but_whose_key_is_gone_is_not_given_up(on_wire):
    worker = on_wire(says(NEW), error_told("ORD04"), order_id=ORDER)
    assert worker.fails(OutcomeUnknown, worker.find, age=DEAD).supplier_code == "ORD04"


@pytest.mark.parametrize("kept", [json.dumps(PAID).encode(), b'{"status": tr', b"<html>"])
def test_an_order_is_not_given_up_where_it_may_have_been_paid_for(on_wire, kept):
    worker = on_wire(says(NEW), error_told("ORD06", "403 Forbidden"), order_id=ORDER, kept=kept)
    order = worker.find(age=DEAD)
    assert not order.is_final
    assert order.charged == Money(Decimal("4.19"), "EUR")


@pytest.mark.parametrize("kept", [b'{"status": false}', b'{"status": "ERROR", "code": "ORD110"}'])
def test_a_payment_that_was_refused_is_no_payment(on_wire, kept):
    worker = on_wire(
        says(NEW), error_told("ORD05", "402 Payment Required"), order_id=ORDER, kept=kept
    )
    assert worker.find(age=DEAD) == SupplierOrder(
        ORDER, (), is_final=True, charged=Money(Decimal(0), "EUR")
    )


@pytest.mark.parametrize("status", ["NEW", "New"])
def test_the_case_of_a_status_does_not_matter(on_wire, status):
    worker = on_wire(says({**NEW, "status": status}), order_id=ORDER)
    worker.fails(OutcomeUnknown, worker.find)
    assert calls_of(worker) == [f"GET /v1/order/details/{ORDER}"]


@pytest.mark.parametrize("status", ["pending", "COMPLETE", "canceled", "refunded", "news"])
def test_no_other_status_is_the_end_of_an_order_without_a_key(on_wire, status):
    worker = on_wire(
        says({**NEW, "status": status}), error_told("ORD06", "403 Forbidden"), order_id=ORDER
    )
    assert worker.find(age=DEAD) == SupplierOrder(ORDER, (), is_final=False)


def test_an_order_of_any_status_may_have_its_key(on_wire):
    worker = on_wire(says({**NEW, "status": "paid"}), says(KEY), order_id=ORDER)
    assert [key.code.text for key in worker.find().keys] == [CODE]


def test_an_order_that_g2a_does_not_know_is_none(worker):
    worker.order_id = "1"
    assert worker.find() is None


@pytest.mark.parametrize("price", [{}, {"price": "x"}, {"price": 4, "currency": "euros"}])
def test_a_price_that_cannot_be_read_is_not_told(on_wire, price):
    worker = on_wire(says({"status": "complete", **price}), says(KEY), order_id=ORDER)
    assert worker.find().charged is None


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (error_told("AUTH03", "403 Forbidden"), AccountProblem),
        (error_told("BR03", "400 Bad Request"), TryLater),
        (error_told("ORD01"), OutcomeUnknown),
        (error_told("ORD999"), OutcomeUnknown),
        (error_told(""), OutcomeUnknown),
        (says({"status": "ERROR"}), OutcomeUnknown),
        (says({"status": True}), OutcomeUnknown),
        (says({}), OutcomeUnknown),
        (says([NEW]), OutcomeUnknown),
        (says({}, "404 Not Found"), OutcomeUnknown),
        (error_told("ORD122", "502 Bad Gateway"), TryLater),
    ],
)
def test_a_look_up_that_does_not_tell_is_no_clear_none(on_wire, details, expected):
    worker = on_wire(details, order_id=ORDER)
    worker.fails(expected, worker.find, age=DEAD)
    assert calls_of(worker) == [f"GET /v1/order/details/{ORDER}"]
