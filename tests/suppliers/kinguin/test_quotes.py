"""What a quote tells, and why there may be none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, NotSent, OutOfStock, Refused, TryLater
from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product
from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.kinguin.account import buy, facing, refusal
from tests.suppliers.kinguin.answers import BAD_KEY, CODE, P1, P2, PRICE, PRODUCT, error_body


def test_a_quote_tells_price_limits_and_how_many_one_order_may_have(server, adapter):
    server.shop.set_product(Product(P1, PRICE.amount, 500))
    server.books.details[P1] = Details(kinguin_id=1949, blocked=("RU", "by"))

    for known_as in (P1, "1949"):
        quote = adapter.quote(supplier_product_id=known_as, quantity=20)
        assert quote.supplier_product_id == known_as
        assert quote.available == 9
        assert quote.blocked_countries == {"RU", "BY"}
        assert (quote.is_preorder, quote.release_date) == (False, None)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("401 Unauthorized", BAD_KEY, AccountProblem),
        ("403 Forbidden", {}, AccountProblem),
        ("404 Not Found", error_body("HttpClient"), OutOfStock),
        ("404 Not Found", {}, Refused),
        ("400 Bad Request", error_body("ConstraintViolation"), Refused),
        ("418 Teapot", [CODE], Refused),
        ("200 OK", {**PRODUCT, "price": None}, TryLater),
        ("200 OK", {**PRODUCT, "price": CODE}, TryLater),
        ("200 OK", {**PRODUCT, "price": -1}, TryLater),
        ("200 OK", {**PRODUCT, "price": True}, TryLater),
        ("200 OK", {**PRODUCT, "productId": P2}, TryLater),
        ("200 OK", {**PRODUCT, "countryLimitation": [CODE, 7]}, TryLater),
        ("200 OK", {**PRODUCT, "offers": CODE}, TryLater),
        ("200 OK", {**PRODUCT, "qty": 0}, OutOfStock),
        ("200 OK", [CODE], TryLater),
    ],
)
def test_a_quote_says_why_there_is_none(status, body, expected):
    with facing(says(body, status)) as (adapter, _wire):
        error = refusal(adapter.quote, supplier_product_id=P1, quantity=1)
    assert type(error) is expected


@pytest.mark.parametrize("product", ["", "0", "007", "5c9b", f"{P1}0", "../balance", "１９"])
def test_what_can_be_no_product_is_not_asked_for(server, adapter, product):
    assert type(refusal(adapter.quote, supplier_product_id=product, quantity=1)) is Refused
    assert server.requests == []


@pytest.mark.parametrize("stock", [None, 1.5, -1, CODE, True, 1e30])
def test_a_quote_whose_stock_cannot_be_read_does_not_invent_one(stock):
    with facing(says({**PRODUCT, "qty": stock})) as (adapter, _wire):
        quote = adapter.quote(supplier_product_id=P1, quantity=1)
    assert quote.available is None
    assert quote.unit_price == Money(Decimal("4.19"), "EUR")


def test_a_product_that_cannot_be_read_before_buying_is_not_bought(server, adapter):
    server.script.queue_for(Call.QUOTE, [Fault.DOWN_BEFORE])
    assert type(refusal(buy, adapter)) is NotSent
    assert server.shop.ledger == {}


def test_what_was_quoted_is_not_asked_for_again(server, adapter):
    adapter.quote(supplier_product_id=P1, quantity=1)
    buy(adapter)
    assert server.requests[:2] == [f"GET /v2/products/{P1}", "POST /v2/order"]
