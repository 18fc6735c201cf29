"""What an order says: its state, its price, and whether it is ours."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown, SupplierOrder
from saleor_cdkeys.values import Money
from tests.suppliers.codeswholesale.account import bought
from tests.suppliers.codeswholesale.answers import (
    CODE,
    ORDER_ID,
    OTHER,
    REFERENCE,
    order_told,
    text_code,
)


@pytest.mark.parametrize("status", ["Fulfilling", "fulfilling", "Failed", "News", "", None])
def test_a_status_that_is_not_completed_is_not_final(status):
    order, _requests = bought(order_told(text_code(1), text_code(2), status=status))
    assert not order.is_final
    assert len(order.keys) == 2


@pytest.mark.parametrize("status", ["Cancelled", "CANCELED", "Refunded"])
def test_an_order_that_was_called_off_is_final_and_free(status):
    order, _requests = bought(order_told(text_code(1, None), status=status))
    assert order == SupplierOrder(ORDER_ID, (), is_final=True, charged=Money(Decimal(0), "EUR"))


def test_an_order_that_was_called_off_and_holds_codes_is_for_a_person():
    order, _requests = bought(order_told(text_code(1), status="Cancelled"))
    assert order == SupplierOrder(
        ORDER_ID, (), is_final=False, charged=Money(Decimal("10.6"), "EUR")
    )


@pytest.mark.parametrize(
    "order",
    [
        order_told(CODE),
        order_told([CODE]),
        order_told({"?": CODE}),
        order_told(text_code(1, [CODE])),
        order_told(text_code(1, 47114711)),
        order_told(text_code(1), totalPrice=CODE),
        order_told(text_code(1), totalPrice="NaN"),
        order_told(text_code(1), totalPrice=-1),
        order_told(text_code(1), totalPrice="1e99"),
        order_told(text_code(1), products={CODE: CODE}),
        order_told(text_code(1), products=CODE),
    ],
)
def test_an_order_that_cannot_be_read_is_kept_and_unknown(order, kept):
    error, _requests = bought(order, kept=kept.append)
    assert type(error) is OutcomeUnknown
    assert error.supplier_order_id == ORDER_ID
    assert kept == [order.encode()]


@pytest.mark.parametrize(
    "order",
    [
        order_told(text_code(1), orderId=None),
        order_told(text_code(1), orderId=f"{CODE}\0"),
        order_told(text_code(1), clientOrderId=OTHER),
        order_told(text_code(1), clientOrderId=str(REFERENCE).upper()),
        f'"{CODE}"',
        f'["{CODE}"]',
    ],
)
def test_an_order_that_is_not_ours_is_not_passed_on(order):
    error, _requests = bought(order)
    assert type(error) is OutcomeUnknown
    assert error.supplier_order_id == ""


def test_an_order_without_our_reference_is_the_one_that_was_answered():
    order, _requests = bought(order_told(text_code(1), text_code(2), clientOrderId=None))
    assert (order.supplier_order_id, len(order.keys)) == (ORDER_ID, 2)


def test_what_does_not_tell_its_price_is_told_without():
    order, _requests = bought(order_told(text_code(1), text_code(2, "X" * 9), totalPrice=None))
    assert order.charged is None
    assert order.is_final
