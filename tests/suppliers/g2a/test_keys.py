"""The key is handed out once: where it cannot be read, it is not lost."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown, SupplierOrder, TryLater
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.g2a.account import calls_of, code_as_told, sold_key
from tests.suppliers.g2a.answers import CODE, COMPLETE, KEY, ORDER, PAID, RESERVED, error_told
from tests.suppliers.wire import half


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LATE,
        Fault.TIMEOUT_BEFORE,
        Fault.DROP_BEFORE,
        Fault.ERROR_BEFORE,
        Fault.DOWN_BEFORE,
        Fault.BUSY,
        Fault.WRONG_CREDENTIALS,
    ],
)
def test_a_key_that_does_not_come_at_once_comes_later(worker, server, fault):
    server.key_script.queue([fault])

    order = worker.buy()

    assert order == SupplierOrder(
        worker.order_id, (), is_final=False, charged=Money(Decimal("5.10"), "EUR")
    )
    later = worker.find()
    assert [key.code for key in later.keys] == [code_as_told(sold_key(server, worker))]
    assert later.is_final


@pytest.mark.parametrize("code", ["ORD03", "ORD05", "ORD06", "ord06", "ORD006"])
def test_each_code_of_a_key_that_is_not_there_yet(on_wire, code):
    worker = on_wire(says(COMPLETE), error_told(code, "403 Forbidden"), order_id=ORDER)
    assert worker.find() == SupplierOrder(ORDER, (), is_final=False)


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.TIMEOUT_AFTER, Fault.GARBAGE])
def test_a_key_that_was_handed_out_and_lost_is_a_matter_for_staff(worker, server, fault, status):
    server.fetched_status = status
    server.key_script.queue([fault])

    order = worker.buy()

    assert not order.is_final
    error = worker.fails(OutcomeUnknown, worker.find)
    assert error.supplier_code == "ORD04"
    assert worker.order_id in str(error)
    assert "support" in str(error)


@pytest.mark.parametrize("fault", [Fault.CUT_OFF, Fault.UNREADABLE])
def test_a_key_that_came_but_cannot_be_read_is_kept(worker, server, fault):
    server.key_script.queue([fault])
    assert not worker.buy().is_final
    worker.fails(OutcomeUnknown, worker.find)
    # Where the answer breaks off, the last character is missing.
    assert sold_key(server, worker)["code"][:-1].encode() in worker.kept


def test_a_connection_that_breaks_while_the_key_is_handed_out(on_wire):
    body = json.dumps({"key": CODE, "padding": "x" * 60}).encode()
    worker = on_wire(says(RESERVED), says(PAID), half(body), says(COMPLETE), error_told("ORD004"))

    order = worker.buy()

    assert not order.is_final
    assert CODE.encode() in worker.kept
    assert worker.fails(OutcomeUnknown, worker.find).supplier_code == "ORD04"
    assert CODE.encode() in worker.kept


def test_a_key_that_was_kept_is_not_fetched_again(worker, server):
    class Died(BaseException):
        pass

    kept = []

    def keep(raw: bytes) -> None:
        kept.append(raw)
        if len(kept) == 2:
            raise Died

    worker.keep = keep
    with pytest.raises(Died):
        worker.buy()
    del worker.keep
    worker.kept = kept[-1]
    server.requests.clear()

    order = worker.find()

    assert [key.code for key in order.keys] == [code_as_told(sold_key(server, worker))]
    assert order.is_final
    assert order.charged == Money(Decimal("5.10"), "EUR")
    assert server.requests == [f"GET /v1/order/details/{worker.order_id}"]


def test_no_answer_is_written_over_by_the_next(on_wire):
    worker = on_wire(says(RESERVED), says(PAID), says(b"<html>"), says(COMPLETE), says(b"<html>"))
    worker.buy()
    worker.fails(TryLater, worker.find)
    assert worker.kept == json.dumps(PAID).encode() + b"\n--- the next answer ---\n<html>"


def test_a_key_among_several_answers_is_found(on_wire):
    kept = b'{"status": true}\n--- the next answer ---\n<html>\n--- the next answer ---\n'
    worker = on_wire(says(COMPLETE), order_id=ORDER, kept=kept + json.dumps(KEY).encode())
    order = worker.find()
    assert [key.code.text for key in order.keys] == [CODE]
    assert calls_of(worker) == [f"GET /v1/order/details/{ORDER}"]
