"""Who may ask, and what is refused unread."""

from __future__ import annotations

import socket
from decimal import Decimal

import httpx
import pytest

from saleor_cdkeys.suppliers.sandbox_server import Product
from tests.suppliers.sandbox_server.buying import KEY


@pytest.mark.parametrize("given", ["", "wrong", KEY[:-1], KEY + "x", "schlüssel".encode().decode()])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/products/P1"),
        ("POST", "/orders"),
        ("GET", "/orders?reference=r1"),
        ("GET", "/balance"),
        ("POST", "/admin/faults"),
        ("PUT", "/admin/products/P1"),
        ("GET", "/admin/ledger"),
        ("GET", "/elsewhere"),
    ],
)
def test_every_call_wants_the_key(server, method, path, given):
    headers = {"X-Api-Key": given.encode()}
    body = {"reference": "r1", "product": "P1", "quantity": 1, "max_price": "20"}
    answer = httpx.request(method, server.url + path, headers=headers, json=body)
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert server.shop.ledger == {}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"quantity": "many"},
        {"quantity": None},
        {"quantity": [1]},
        {"max_price": "NaN"},
        {"max_price": None},
        {"max_price": "cheap"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(server, buyer, body):
    valid = {"reference": "r1", "product": "P1", "quantity": 1, "max_price": "20"}
    given = buyer.post("/orders", json={**valid, **body} if body else {})
    assert (given.status_code, given.json()["error"]) == (400, "invalid")
    assert server.shop.ledger == {}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff"])
def test_what_is_no_json_is_refused(buyer, content):
    assert buyer.post("/orders", content=content).status_code == 400


@pytest.mark.parametrize("length", ["9999999", "-1", "many"])
def test_an_order_without_measure_is_refused_unread(server, length):
    request = f"POST /orders HTTP/1.1\r\nX-Api-Key: {KEY}\r\nContent-Length: {length}\r\n\r\n"
    with socket.create_connection(server._server.server_address, timeout=5) as buyer:
        buyer.sendall(request.encode())
        assert buyer.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert server.requests == []


def test_an_address_may_hold_what_it_wants(server, buyer):
    server.shop.set_product(Product("a/b ü?", Decimal(3)))
    given = buyer.get("/products/a%2Fb%20%C3%BC%3F")
    assert (given.status_code, given.json()["id"]) == (200, "a/b ü?")
