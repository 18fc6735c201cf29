"""What is not released yet."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from saleor_cdkeys.suppliers.base import NotReleased, OutOfStock
from tests.suppliers.asking import says
from tests.suppliers.kinguin.account import buy, facing, find, refusal
from tests.suppliers.kinguin.answers import P1, PRICE, PRODUCT


@pytest.mark.usefixtures("unreleased")
def test_a_preorder_is_bought_only_by_who_allows_it(server, adapter):
    assert type(refusal(buy, adapter)) is OutOfStock
    quote = adapter.quote(supplier_product_id=P1, quantity=1)
    assert (quote.is_preorder, quote.release_date) == (True, dt.date(2031, 2, 3))
    assert type(refusal(buy, adapter)) is OutOfStock
    assert server.shop.ledger == {}


@pytest.mark.usefixtures("unreleased")
def test_a_preorder_brings_its_keys_when_it_is_released(server, adapter):
    server.shop.late_seconds = 60
    reference = uuid.uuid4()
    order = buy(adapter, reference=reference, allow_preorder=True)
    assert (order.keys, order.is_final, order.charged) == ((), False, PRICE)

    server.books.order(order.supplier_order_id).is_released = True

    assert len(find(adapter, reference).keys) == 1


@pytest.mark.parametrize("is_preorder", [True, False])
def test_a_product_whose_cheapest_offer_is_a_preorder_is_one(is_preorder):
    offers = [
        {"offerId": "5f7efd272f3a650001f42722", "isPreorder": is_preorder},
        {"offerId": "another", "isPreorder": not is_preorder},
    ]
    with facing(says({**PRODUCT, "offers": offers})) as (adapter, _wire):
        quote = adapter.quote(supplier_product_id=P1, quantity=1)
    assert quote.is_preorder is is_preorder


@pytest.mark.parametrize(("told", "day"), [("2031-02-03", dt.date(2031, 2, 3)), ("soon", None)])
def test_a_preorder_of_which_no_key_is_left_is_not_released(told, day):
    sold_out = {**PRODUCT, "qty": 0, "isPreorder": True, "releaseDate": told}
    with facing(says(sold_out)) as (adapter, _wire):
        error = refusal(lambda: adapter.quote(supplier_product_id=P1, quantity=1))
    assert isinstance(error, NotReleased)
    assert error.release_date == day


def test_a_released_product_of_which_no_key_is_left_is_out_of_stock():
    with facing(says({**PRODUCT, "qty": 0})) as (adapter, _wire):
        error = refusal(lambda: adapter.quote(supplier_product_id=P1, quantity=1))
    assert type(error) is OutOfStock
