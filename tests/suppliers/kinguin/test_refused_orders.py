"""Which noes to an order mean that none was made."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    Busy,
    OutcomeUnknown,
    OutOfStock,
    PriceTooHigh,
    Refused,
    SupplierError,
)
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore, says
from tests.suppliers.kinguin.account import buy, facing, make_request, refusal
from tests.suppliers.kinguin.answers import BAD_KEY, CODE, P1, PRODUCT, error_body


def _refused_order(status: str, body: object, *, later: dict = PRODUCT) -> SupplierError:
    """What a buyer is told whose order gets this answer, and who finds the product so after it."""
    request = make_request(
        supplier_product_id=P1,
        unit_price=Money(Decimal("4.19"), "EUR"),
        max_unit_price=Money(Decimal(5), "EUR"),
    )
    with facing(says(PRODUCT), says(body, status), says(later)) as (adapter, wire):
        error = refusal(adapter.buy, request, keep=ignore, note=ignore)
        posts = [request for request in wire.requests if request.startswith(b"POST")]
    assert len(posts) == 1
    return error


@pytest.mark.parametrize("status", ["400 Bad Request", "402 Payment Required", "422 Unprocessable"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (error_body("ConstraintViolation", propertyPath="products"), Refused),
        (error_body("ConstraintViolation", propertyPath="orderExternalId"), OutcomeUnknown),
        (error_body("Authorization"), AccountProblem),
        (error_body("InsufficientBalance"), BalanceTooLow),
        (error_body("ProductUnavailable"), OutOfStock),
        (error_body("Preorder"), Refused),
        (error_body("OrderFailed"), OutcomeUnknown),
        (error_body("OrderNotFound"), OutcomeUnknown),
        (error_body("ResourceLock"), OutcomeUnknown),
        (error_body("OrderNotSupported"), OutcomeUnknown),
        (error_body("NoKeysToReturn"), OutcomeUnknown),
        (error_body("HttpClient"), OutcomeUnknown),
        (error_body("Http"), OutcomeUnknown),
        (error_body("Error"), OutcomeUnknown),
        (error_body("Brandnew"), OutcomeUnknown),
    ],
)
def test_the_kind_says_whether_an_order_was_not_made(status, body, expected):
    error = _refused_order(status, body)
    assert type(error) is expected
    assert error.supplier_code == body["kind"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("401 Unauthorized", BAD_KEY, AccountProblem),
        ("403 Forbidden", {}, OutcomeUnknown),
        ("404 Not Found", {}, OutcomeUnknown),
        ("400 Bad Request", {"kind": CODE}, OutcomeUnknown),
        ("400 Bad Request", {"kind": [CODE]}, OutcomeUnknown),
        ("400 Bad Request", [CODE], OutcomeUnknown),
        ("408 Request Timeout", error_body("ProductUnavailable"), OutcomeUnknown),
        ("500 Internal Server Error", error_body("ConstraintViolation"), OutcomeUnknown),
        ("503 Service Unavailable", error_body("Http"), OutcomeUnknown),
    ],
)
def test_what_does_not_clearly_say_no_leaves_the_outcome_unknown(status, body, expected):
    assert type(_refused_order(status, body)) is expected


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({**PRODUCT, "price": 5.01}, PriceTooHigh),
        ({**PRODUCT, "price": 5}, Busy),
        ({**PRODUCT, "price": 4.19}, OutOfStock),
        ({**PRODUCT, "qty": 0}, OutOfStock),
        ({**PRODUCT, "price": None}, OutOfStock),
        ({}, OutOfStock),
    ],
)
def test_an_unavailable_product_is_looked_at_again_to_see_why(later, expected):
    error = _refused_order("400 Bad Request", error_body("ProductUnavailable"), later=later)
    assert type(error) is expected
    if expected is Busy:
        assert error.retry_after == 1


def test_more_keys_than_an_order_may_have_are_refused(server, adapter):
    assert type(refusal(buy, adapter, quantity=10)) is Refused
    assert server.shop.ledger == {}
