"""Faults, products and the ledger over HTTP."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.sandbox_server import Fault, Product
from saleor_cdkeys.suppliers.sandbox_server.faults import PASSING
from tests.suppliers.sandbox_server.buying import how_it_ends, place_order


def test_faults_are_set_over_http(server, buyer):
    told = {
        "orders": ["busy", None],
        "nth": {"3": "no_stock"},
        "lookups": ["down_before"],
        "quotes": ["error_before"],
        "balances": ["busy"],
        "share": 1.0,
    }
    assert buyer.post("/admin/faults", json=told).status_code == 200

    assert [how_it_ends(buyer) for _number in range(3)] == [429, 201, 409]
    assert buyer.get("/orders", params={"reference": "r1"}).status_code == 503
    assert buyer.get("/products/P1").status_code == 500
    assert buyer.get("/balance").status_code == 429
    assert server.script.draw_order("P1") in PASSING


def test_faults_are_set_for_one_product(server, buyer):
    server.shop.set_product(Product("P2", Decimal(3)))
    buyer.post("/admin/faults", json={"orders": ["busy"], "product": "P2"})
    assert [
        how_it_ends(buyer),
        how_it_ends(buyer, product="P2"),
        how_it_ends(buyer, product="P2"),
    ] == [201, 429, 201]


@pytest.mark.parametrize(
    "told",
    [
        {"orders": ["busy"], "lookups": ["nonsense"]},
        {"orders": ["busy", "nonsense"]},
        {"orders": ["busy"], "nth": {"first": "busy"}},
        {"orders": ["busy"], "nth": ["busy"]},
        {"orders": ["busy"], "share": "some"},
        {"orders": 7},
    ],
)
def test_faults_that_do_not_exist_change_nothing(buyer, told):
    assert buyer.post("/admin/faults", json=told).status_code == 400
    assert how_it_ends(buyer) == 201


def test_products_are_set_over_http(server, buyer):
    given = buyer.put("/admin/products/P2", json={"price": "7.25", "stock": 4})
    assert given.status_code == 200
    assert server.shop.products["P2"] == Product("P2", Decimal("7.25"), 4)
    assert buyer.get("/products/P2").json() == {
        "id": "P2",
        "price": "7.25",
        "currency": "EUR",
        "stock": 4,
    }


@pytest.mark.parametrize(
    "body",
    [{}, {"price": "NaN", "stock": 1}, {"price": "x", "stock": 1}, {"price": 1, "stock": []}],
)
def test_a_product_that_makes_no_sense_is_refused(server, buyer, body):
    assert buyer.put("/admin/products/P2", json=body).status_code == 400
    assert "P2" not in server.shop.products


def test_the_ledger_tells_every_code(server, buyer):
    server.script.queue([Fault.LATE])
    place_order(buyer, reference="r1", quantity=2)

    (entry,) = buyer.get("/admin/ledger").json()

    assert entry["reference"] == "r1"
    assert entry["keys"] == server.shop.ledger["r1"].all_keys()
    assert len(entry["keys"]) == 2
