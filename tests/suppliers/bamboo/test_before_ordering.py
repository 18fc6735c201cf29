"""The catalogue is asked before an order: what is ordered, and when nothing is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, Busy, NotSent, Refused
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault
from tests.suppliers.asking import ignore
from tests.suppliers.bamboo.account import ask, buy, eur, make_request
from tests.suppliers.bamboo.answers import PRODUCT, RANGE, REFERENCE


@pytest.mark.parametrize("product", [RANGE, f"{RANGE}:4.99", f"{RANGE}:100.01", f"{PRODUCT}:11"])
def test_a_face_value_that_there_is_not_is_refused_before_anything_is_ordered(
    server, adapter, product
):
    with pytest.raises(Refused):
        adapter.quote(supplier_product_id=product, quantity=1)
    with pytest.raises(Refused):
        buy(adapter, server, supplier_product_id=product)
    assert server.shop.ledger == {}
    assert "POST /api/integration/v1.0/orders/checkout" not in server.requests


def test_a_refused_face_value_says_what_to_map(adapter):
    with pytest.raises(Refused, match="from 5 to 100: map it as 77:5"):
        adapter.quote(supplier_product_id=RANGE, quantity=1)


@pytest.mark.parametrize(("product", "value"), [(f"{RANGE}:12.50", "12.50"), (PRODUCT, "10")])
def test_what_was_quoted_is_what_is_ordered(server, adapter, product, value):
    quote = adapter.quote(supplier_product_id=product, quantity=2)
    reference, order = buy(adapter, server, supplier_product_id=product)

    assert server.books.order(str(reference)).face_value == Decimal(value)
    assert order.charged == quote.unit_price.times(2)
    # The quote told the face value, so the catalogue is not asked again.
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 1


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (("500 Server Error", "{}"), NotSent),
        ("<html>", NotSent),
        ("{}", NotSent),
        (("403 Forbidden", "{}"), AccountProblem),
        (("401 Unauthorized", "{}"), AccountProblem),
        ('{"count": 0, "items": []}', Refused),
    ],
)
def test_a_catalogue_that_cannot_be_asked_before_an_order_means_that_nothing_was_sent(
    read, expected
):
    request = make_request(REFERENCE)
    error, requests = ask(lambda adapter: adapter.buy(request, keep=ignore, note=ignore), read)
    assert type(error) is expected
    assert len(requests) == 1


def test_a_catalogue_that_is_busy_before_an_order_says_when_to_come_back(server, adapter):
    server.script.queue_for(Call.QUOTE, [Fault.BUSY])
    with pytest.raises(Busy) as caught:
        buy(adapter, server)
    assert caught.value.retry_after == 7
    assert server.shop.ledger == {}


def test_a_price_that_rises_after_the_quote_is_told_as_it_was_charged(server, adapter):
    adapter.quote(supplier_product_id=PRODUCT, quantity=2)
    order = buy(adapter, server, Fault.PRICE_RISES)[1]
    assert order.charged == eur("30.60")
    assert not adapter.capabilities.price_guard
