"""What would be bought is what is bought then; nothing is bought for saying so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.acquisition.dry_run import dry_run
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Purchase, Supplier
from saleor_cdkeys.statuses import Reason
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product
from saleor_cdkeys.values import Money
from tests.factories.cdkeys import buy, key_orders, make_key_product, make_mapping, make_supplier


def _eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.fixture
def order(channel, supplier, sandbox):
    """Five keys for 20 EUR each: one in stock, P1 (5.00, two left), then P2 (6.00)."""
    product = make_key_product(channel=channel, source="stock_then_suppliers", stock=1)
    make_mapping(product, supplier, "P1")
    make_mapping(product, make_supplier(name="Second", config={"base_url": sandbox.url}), "P2", 1)
    sandbox.shop.set_product(Product("P1", Decimal("5.00"), stock=2))
    return key_orders(buy(channel=channel, lines=[(product, 5)]))[0]


def _told(order):
    return [(ask.mapping.supplier_product_id, ask.quantity) for ask in _run(order).asks]


def _run(order):
    return dry_run(key_order_id=order.pk)


def test_where_and_for_how_much(order, sandbox):
    run = _run(order)

    assert (run.wanted, run.from_stock, run.missing) == (5, 1, 0)
    assert _told(order) == [("P1", 2), ("P2", 2)]
    assert [(ask.answer.cost, ask.answer.margin) for ask in run.asks] == [
        (_eur("5"), _eur("15")),
        (_eur("6"), _eur("14")),
    ]
    assert [ask.answer.margin_percent for ask in run.asks] == [Decimal("75.00"), Decimal("70.00")]
    assert run.cost == _eur("22")
    assert not Purchase.objects.exists()
    assert sandbox.shop.ledger == {}


def test_why_not_elsewhere(order, sandbox):
    sandbox.shop.set_product(Product("P1", Decimal("20.01")))
    sandbox.script.queue_for(Call.QUOTE, [None, Fault.DOWN_BEFORE])

    run = _run(order)

    assert (run.missing, run.cost) == (4, None)
    assert [(ask.quantity, ask.answer.reason) for ask in run.asks] == [
        (0, Reason.PRICE_ABOVE_GUARD),
        (0, Reason.SUPPLIER_ERROR),
    ]
    assert "asks 20.01 EUR, at most 20 EUR is allowed" in run.asks[0].answer.message


def test_a_paused_supplier_is_not_asked(order, sandbox):
    Supplier.objects.filter(name="Sandbox").update(pause_reason="errors", pause_message="Down.")

    run = _run(order)

    assert [(ask.mapping.supplier.name, ask.quantity) for ask in run.asks] == [
        ("Second", 4),
        ("Sandbox", 0),
    ]
    assert run.asks[1].answer.message == "Sandbox is paused: Down."
    assert len(sandbox.requests) == 1


def test_the_cheapest_comes_first_where_that_is_wanted(order, sandbox):
    order.key_product.supplier_choice = "cheapest"
    order.key_product.save()
    sandbox.shop.set_product(Product("P1", Decimal("6.01")))
    assert _told(order) == [("P2", 4), ("P1", 0)]


def test_keys_of_the_shop_alone_ask_nobody(order, sandbox):
    order.key_product.source = "stock"
    order.key_product.save()
    run = _run(order)
    assert (run.from_stock, run.missing, run.asks) == (1, 4, ())
    assert sandbox.requests == []


def test_an_order_that_does_not_exist(db):
    with pytest.raises(InvalidInput) as caught:
        dry_run(key_order_id=0)
    assert caught.value.field == "id"
