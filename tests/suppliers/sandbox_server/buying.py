"""Buying at the sandbox, in its books and over HTTP."""

from __future__ import annotations

import uuid
from decimal import Decimal

import httpx

KEY = "server-secret-4711"


def sell(shop, *, quantity=1, fault=None, reference=None, max_price="20", product="P1"):
    return shop.sell(
        reference=reference or str(uuid.uuid4()),
        product_id=product,
        quantity=quantity,
        max_price=Decimal(max_price),
        fault=fault,
    )


def place_order(buyer, **fields):
    body = {"reference": str(uuid.uuid4()), "product": "P1", "quantity": 1, "max_price": "20"}
    return buyer.post("/orders", json={**body, **fields})


def how_it_ends(buyer, **fields):
    """How an order ends: its status, or ``dropped``, or ``garbage`` with the status."""
    try:
        given = place_order(buyer, **fields)
    except httpx.RemoteProtocolError:
        return "dropped"
    try:
        body = given.json()
    except ValueError:
        return f"garbage {given.status_code}"
    if given.is_success and any("?" in key for key in body["keys"]):
        return f"unreadable {given.status_code}"
    return given.status_code
