"""Sending the keys of an order back."""

from __future__ import annotations

import uuid
from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, OutcomeUnknown, Refused
from tests.suppliers.asking import says
from tests.suppliers.kinguin.account import buy, facing, find, open_adapter, refusal
from tests.suppliers.kinguin.answers import BAD_KEY, error_body
from tests.suppliers.wire import closed_port


def test_an_order_is_sent_back_once(server, adapter):
    reference = uuid.uuid4()
    order_id = buy(adapter, reference=reference).supplier_order_id

    adapter.return_order(supplier_order_id=order_id)

    assert server.requests[-1] == f"POST /v2/order/{order_id}/keys/return"
    error = refusal(adapter.return_order, supplier_order_id=order_id)
    assert (type(error), error.supplier_code) == (Refused, "NoKeysToReturn")
    assert find(adapter, reference).keys == ()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("400 Bad Request", error_body("NoKeysToReturn"), Refused),
        ("404 Not Found", error_body("OrderNotFound"), Refused),
        ("400 Bad Request", error_body("OrderNotSupported"), Refused),
        ("400 Bad Request", error_body("Authorization"), AccountProblem),
        ("401 Unauthorized", BAD_KEY, AccountProblem),
        ("409 Conflict", error_body("ResourceLock"), OutcomeUnknown),
        ("400 Bad Request", error_body("Brandnew"), OutcomeUnknown),
        ("500 Internal Server Error", error_body("Error"), OutcomeUnknown),
    ],
)
def test_a_no_to_a_return_is_told(status, body, expected):
    with facing(says(body, status)) as (adapter, wire):
        assert type(refusal(adapter.return_order, supplier_order_id="P/1")) is expected
    assert wire.requests[0].startswith(b"POST /v2/order/P%2F1/keys/return HTTP/1.1")
    assert len(wire.requests) == 1


def test_a_return_that_reaches_nobody_was_not_made():
    with closing(open_adapter(f"http://127.0.0.1:{closed_port()}")) as adapter:
        assert type(refusal(adapter.return_order, supplier_order_id="P1")) is Refused
