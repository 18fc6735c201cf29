"""How many codes an order has, and when there will be no more."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import SupplierOrder
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore
from tests.suppliers.codeswholesale.account import bought, buy, make_query, texts_of
from tests.suppliers.codeswholesale.answers import CODE, order_told, text_code


@pytest.mark.parametrize(
    ("fault", "charged"), [(Fault.TOO_FEW, "10.20"), (Fault.TOO_FEW_CHARGED, "15.30")]
)
def test_an_order_with_too_few_codes_is_complete_only_after_a_while(
    server, adapter, fault, charged
):
    reference, order = buy(adapter, server, fault, quantity=3)
    assert (len(order.keys), order.is_final) == (2, False)

    def find(age: dt.timedelta) -> SupplierOrder:
        query = make_query(reference, age=age, quantity=3, order=order.supplier_order_id)
        return adapter.find_order(query, keep=ignore)

    assert not find(dt.timedelta(minutes=59)).is_final
    late = find(dt.timedelta(minutes=61))
    assert (len(late.keys), late.is_final) == (2, True)
    assert late.charged == Money(Decimal(charged), "EUR")


def test_a_code_that_is_told_twice_is_one():
    order, _requests = bought(order_told(text_code(1), text_code(1)))
    assert texts_of(order) == [CODE]


def test_different_codes_under_one_id_are_both_kept():
    order, _requests = bought(order_told(text_code(1), text_code(1, "DDDDD-EEEEE-FFFFF")))
    assert texts_of(order) == [CODE, "DDDDD-EEEEE-FFFFF"]


def test_codes_of_several_lines_all_count():
    lines = [{"codes": [text_code(1)]}, {"codes": [text_code(2, "X" * 9)]}, {"codes": None}]
    order, _requests = bought(order_told(products=lines))
    assert texts_of(order) == [CODE, "X" * 9]
    assert order.is_final
