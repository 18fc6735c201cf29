"""What a no means, to an order and to a quote."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    OutcomeUnknown,
    Refused,
    TryLater,
)
from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.suppliers.asking import ignore
from tests.suppliers.codeswholesale.account import ask, bought, buy, make_query
from tests.suppliers.codeswholesale.answers import CODE, PRODUCT, error_body, order_told, text_code


@pytest.mark.parametrize(
    ("status", "body", "expected", "supplier_code"),
    [
        ("400 Bad Request", error_body(400, 10002), BalanceTooLow, "10002"),
        ("404 Not Found", error_body(404, 20001), Refused, "20001"),
        ("400 Bad Request", error_body(400, 40002), Refused, "40002"),
        ("404 Not Found", error_body(404, 50002), OutcomeUnknown, "50002"),
        ("400 Bad Request", error_body(400, 77777), OutcomeUnknown, "77777"),
        ("400 Bad Request", error_body(400, CODE), OutcomeUnknown, "400"),
        ("403 Forbidden", '{"error":"access_denied"}', OutcomeUnknown, "access_denied"),
        ("403 Forbidden", "{}", OutcomeUnknown, "403"),
        ("404 Not Found", "[]", OutcomeUnknown, "404"),
        ("409 Conflict", error_body(409, 10002).replace("10002", "null"), OutcomeUnknown, "409"),
        ("208 Already Reported", order_told(text_code(1), text_code(2)), OutcomeUnknown, "208"),
        ("208 Already Reported", error_body(208, 10002), OutcomeUnknown, "10002"),
        ("200 OK", error_body(400, 10002), OutcomeUnknown, ""),
        ("302 Found", error_body(400, 10002), OutcomeUnknown, "302"),
        ("500 Internal Server Error", error_body(400, 10002), OutcomeUnknown, "500"),
    ],
)
def test_only_a_no_that_is_known_is_a_no(status, body, expected, supplier_code):
    error, requests = bought((status, body))
    assert type(error) is expected
    assert error.supplier_code == supplier_code
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("404 Not Found", error_body(404, 20001), Refused),
        ("404 Not Found", "{}", Refused),
        ("403 Forbidden", "{}", AccountProblem),
        ("400 Bad Request", error_body(400, CODE), Refused),
        ("500 Internal Server Error", "{}", TryLater),
    ],
)
def test_what_a_no_to_a_quote_means(status, body, expected):
    error, _requests = ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1), (status, body)
    )
    assert type(error) is expected


@pytest.mark.parametrize("fault", [Fault.NO_STOCK, Fault.PRICE_RISES])
def test_what_it_says_without_stock_or_at_another_price_is_not_known(server, adapter, fault):
    reference = uuid.uuid4()
    with pytest.raises(OutcomeUnknown):
        buy(adapter, server, fault, reference=reference)

    assert server.shop.ledger == {}
    assert adapter.find_order(make_query(reference), keep=ignore) is None
