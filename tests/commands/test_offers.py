"""`cdkeys_offers`: what would be bought for an order, and why not elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.models import ExchangeRate, KeyOrder, Purchase
from saleor_cdkeys.suppliers.sandbox_server import Product, SandboxServer, Shop
from tests.commands.calling import call
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier
from tests.graphql.client import global_id


@pytest.fixture
def sandbox():
    goods = [Product("P1", Decimal("5.00"), stock=2), Product("P2", Decimal("30.00"))]
    with SandboxServer(Shop([*goods, Product("P3", Decimal("6.25"))], currency="USD")) as server:
        yield server


@pytest.fixture
def order(channel, sandbox):
    """Four keys for 20 EUR each, one of them in stock."""
    product = make_key_product(channel=channel, stock=1)
    for position, name in enumerate(("P1", "P2", "P3", "P3-again")):
        supplier = make_supplier(name=f"[US] {name}", config={"base_url": sandbox.url})
        make_mapping(product, supplier, name.removesuffix("-again"), position)
    ExchangeRate.objects.create(
        base="EUR", currency="USD", rate=Decimal("1.25"), date=timezone.now().date()
    )
    return buy(channel=channel, lines=[(product, 4)])


def test_where_at_what_cost_and_why_not_elsewhere(order, sandbox):
    said = call("cdkeys_offers", str(order.number))

    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert lines[0] == f"Order {order.number}: 4 × Game game-1, sold for 20 EUR each"
    assert lines[2] == "supplier product keys price cost margin remarks"
    assert lines[4:6] == [
        "[US] P1 P1 2 5 USD 4 EUR 16 EUR (80.0 %)",
        "[US] P3 P3 1 6.25 USD 5 EUR 15 EUR (75.0 %)",
    ]
    assert lines[6].startswith("[US] P3-again P3 0 6.25 USD 5 EUR 15 EUR (75.0 %) It is not")
    assert "[US] P2 P2 0 – – – [US] P2 asks 30 USD, at most" in said.text
    assert said.text.endswith(
        "Wanted: 4. From stock: 1. To be bought: 3, for 13 EUR. Nothing is missing."
    )
    assert max(len(line) for line in said.out.splitlines()) <= 100
    assert not Purchase.objects.exists()
    assert sandbox.shop.ledger == {}


def test_a_key_order_by_its_id_in_the_api(order):
    pk = KeyOrder.objects.get().pk
    said = call("cdkeys_offers", global_id("CdKeyOrder", pk))
    assert said.out == call("cdkeys_offers", f"#{order.number}").out


def test_without_a_rate_the_reason_and_no_cost_is_told(order):
    ExchangeRate.objects.all().delete()

    said = call("cdkeys_offers", str(order.number))

    assert said.text.count("There is no exchange rate between EUR and USD") == 4
    assert said.text.endswith("From stock: 1. To be bought: 0. Missing: 3.")


def test_an_order_of_several_products_has_a_table_for_each(channel):
    first = make_key_product(channel=channel, sku="a", stock=1)
    second = make_key_product(channel=channel, sku="b", source="stock")
    order = buy(channel=channel, lines=[(first, 1), (second, 2)])

    said = call("cdkeys_offers", str(order.number))

    assert said.out.splitlines() == [
        f"Order {order.number}: 1 × Game a, sold for 20 EUR each",
        "Wanted: 1. From stock: 1. To be bought: 0. Nothing is missing.",
        "",
        f"Order {order.number}: 2 × Game b, sold for 20 EUR each",
        "Wanted: 2. From stock: 0. To be bought: 0. Missing: 2.",
    ]


@pytest.mark.parametrize("given", ["4711", "Q2RLZXlPcmRlcjow", "Q2RLZXk6MQ==", "ключ"])
def test_what_is_no_order_is_named(db, given):
    said = call("cdkeys_offers", given)
    assert (said.code, said.err) == (1, f"There is no key order of {given}.")
