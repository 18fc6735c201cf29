"""The fake is as strict as the real one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from tests.suppliers.kinguin.answers import P1


@pytest.mark.parametrize(
    "item",
    [
        {"productId": P1, "qty": 1},
        {"productId": P1, "price": 5.1},
        {"productId": P1, "qty": 0, "price": 5.1},
        {"productId": P1, "qty": 10, "price": 5.1},
        {"kinguinId": 1949, "qty": 1, "price": 5.1},
        {"productId": P1, "qty": 1, "price": 5.1, "keyType": "image"},
        {"productId": P1, "qty": 1, "price": 5.1, "name": "old"},
        {"productId": P1, "qty": 1, "price": "5.1"},
    ],
)
def test_the_fake_refuses_a_bad_order(server, adapter, item):
    answer = adapter._client.buy("/v2/order", body={"products": [item]}, keep=None)
    assert (answer.status, answer.body["kind"]) == (400, "ConstraintViolation")
    assert server.shop.ledger == {}


def test_the_fake_sells_at_the_market_price_and_by_number(server, adapter):
    server.books.details[P1] = Details(kinguin_id=1949)
    item = {"kinguinId": 1949, "qty": 2, "price": Decimal("9.99"), "keyType": "text"}
    answer = adapter._client.buy("/v1/order", body={"products": [item]}, keep=None)
    assert answer.status == 201
    assert (answer.body["totalPrice"], answer.body["requestTotalPrice"]) == (
        Decimal("10.20"),
        Decimal("19.98"),
    )


@pytest.mark.usefixtures("unreleased")
def test_the_fake_takes_no_key_type_with_a_preorder(adapter):
    item = {"productId": P1, "qty": 1, "price": Decimal("5.1"), "keyType": "text"}
    answer = adapter._client.buy("/v2/order", body={"products": [item]}, keep=None)
    assert answer.body["kind"] == "Preorder"
