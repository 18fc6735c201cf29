"""The fake is as strict as the real one."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from saleor_cdkeys.suppliers.base import BalanceTooLow
from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from tests.suppliers.g2a.account import DIGEST, HASH
from tests.suppliers.g2a.answers import PRODUCT


def _call_fake(
    server: G2AServer, method: str, path: str, headers=None, **request
) -> httpx.Response:
    headers = {"Authorization": f"{HASH}, {DIGEST}", **(headers or {})}
    return httpx.request(method, server.base_url + path, headers=headers, **request)


def test_the_fake_refuses_a_second_payment(worker, server):
    worker.buy()
    answer = _call_fake(server, "PUT", f"/order/pay/{worker.order_id}")
    assert (answer.status_code, answer.json()["code"]) == (403, "ORD110")
    assert server.shop.refused_references == [worker.order_id]
    assert server.shop.balance == Decimal(1_000_000) - Decimal("5.10")


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "code"),
    [
        ("GET", "/products", {"headers": {"Authorization": f"{HASH},{DIGEST}"}}, 401, "AUTH02"),
        ("GET", "/products", {"headers": {"Authorization": f"{HASH}, x"}}, 401, "AUTH02"),
        ("GET", "/product", {}, 404, "WRONGURL"),
        ("GET", "/products?page=0", {}, 400, "PR01"),
        ("GET", "/products?page=501", {}, 400, "PR01"),
        ("GET", "/products?name=x", {}, 400, "PR02"),
        ("GET", "/products?updatedAtFrom=2026-01-01T00:00:00Z", {}, 400, "PR02"),
        ("POST", "/order", {"content": b"{}"}, 400, "CTTYPE"),
        ("POST", "/order", {"json": []}, 400, "BR01"),
        ("POST", "/order", {"json": {}}, 400, "BR04"),
        ("POST", "/order", {"json": {"product_id": int(PRODUCT)}}, 400, "BR04"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "currency": "XXX"}}, 400, "BR02"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "max_price": "5"}}, 400, "BR02"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "max_price": 5}}, 400, "BR02"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "min_rating": 2}}, 400, "BR02"),
        ("PUT", "/order/pay/x", {}, 400, "ORD01"),
        ("PUT", "/order/pay/1", {}, 404, "ORD02"),
        ("PUT", "/order/pay/1", {"json": {}}, 400, "BR01"),
        ("GET", "/order/details/1", {}, 404, "ORD02"),
        ("GET", "/order/key/1", {}, 404, "ORD02"),
    ],
)
def test_the_fake_refuses_what_g2a_would(server, method, path, request_, status, code):
    answer = _call_fake(server, method, path, **request_)
    assert answer.status_code == status
    assert answer.json()["status"] == "ERROR"
    assert answer.json()["code"] == code
    assert server.shop.ledger == {}


def test_the_fake_lets_in_only_whom_it_knows(server):
    assert httpx.get(f"{server.base_url}/products").json()["code"] == "AUTH01"
    server.lets_in = False
    assert _call_fake(server, "GET", "/products").json()["code"] == "AUTH03"


def test_the_fake_hands_no_key_out_that_was_not_paid_for(server):
    body = {"product_id": PRODUCT, "max_price": 0}
    order_id = _call_fake(server, "POST", "/order", json=body).json()["order_id"]
    assert _call_fake(server, "GET", f"/order/key/{order_id}").json()["code"] == "ORD05"
    assert _call_fake(server, "GET", f"/order/details/{order_id}").json() == {
        "status": "new",
        "price": 5.1,
        "currency": "EUR",
    }


def test_the_fake_has_no_money_to_lend(server, worker):
    server.shop.balance = Decimal("5.09")
    assert worker.fails(BalanceTooLow).supplier_code == "ORD112"
    server.shop.balance = Decimal("5.10")
    assert worker.buy().is_final
    assert server.shop.balance == Decimal("0.00")
