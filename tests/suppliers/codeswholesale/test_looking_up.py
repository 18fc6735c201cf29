"""Looking an order up, by its id and by our reference."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore
from tests.suppliers.codeswholesale.account import (
    buy,
    looked_up,
    lose,
    make_query,
    texts_of,
    texts_sold,
)
from tests.suppliers.codeswholesale.answers import (
    ORDER_ID,
    OTHER,
    PRODUCT,
    REFERENCE,
    error_body,
    order_told,
    text_code,
)


def test_an_order_that_is_not_listed_yet_is_found_by_our_reference(server, adapter):
    server.lists_after = 600
    reference = lose(adapter, server)
    order = adapter.find_order(make_query(reference, age=dt.timedelta(seconds=5)), keep=ignore)
    assert texts_of(order) == texts_sold(server, reference)


@pytest.mark.parametrize(
    "by_reference",
    [
        ("404 Not Found", error_body(404, 50002)),
        ("500 Internal Server Error", "{}"),
        "[]",
        order_told(),
    ],
    ids=["404", "500", "list", "other"],
)
def test_nothing_rests_on_finding_an_order_by_our_reference(by_reference):
    # The last of them is another's order that is given to whoever asks.
    told = by_reference
    if isinstance(told, str):
        told = told.replace(str(REFERENCE), str(uuid.uuid4()))
    assert looked_up("[]", told) is None


def test_an_order_whose_id_is_known_is_read_at_once(server, adapter):
    reference, order = buy(adapter, server)
    server.requests.clear()

    found = adapter.find_order(make_query(reference, order=order.supplier_order_id), keep=ignore)

    assert found == order
    assert server.requests == [f"GET /v3/orders/{order.supplier_order_id}"]


@pytest.mark.parametrize(
    "told",
    [
        ("404 Not Found", "{}"),
        ("400 Bad Request", error_body(400, 50002)),
        order_told(text_code(1), orderId="another"),
        order_told(text_code(1), clientOrderId=OTHER),
        "[]",
    ],
    ids=["404", "400", "id", "reference", "list"],
)
def test_an_order_that_was_there_never_counts_as_none(told):
    assert type(looked_up(told, order=ORDER_ID)) is OutcomeUnknown


def test_a_repeated_reference_buys_again_and_all_its_keys_are_found(server, adapter):
    reference = uuid.uuid4()
    first = buy(adapter, server, reference=reference)[1]
    second = buy(adapter, server, reference=reference)[1]

    found = adapter.find_order(make_query(reference), keep=ignore)

    assert not adapter.capabilities.refuses_repeats
    assert len(server.shop.ledger) == 2
    assert set(texts_of(found)) == {*texts_of(first), *texts_of(second)}
    assert found.charged == Money(Decimal("20.40"), "EUR")
    assert found.is_final


def test_a_reference_under_another_name_is_dropped(server):
    body = {"clientOrderId": "ours", "products": [{"productId": PRODUCT, "quantity": 1}]}
    order = server.books.sell(
        reference=str(body.get("orderId") or ""),
        product_id=PRODUCT,
        quantity=1,
        price=None,
        allow_preorder=False,
        fault=None,
    )
    assert order.reference == ""
