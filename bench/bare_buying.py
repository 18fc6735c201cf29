"""The requests of a purchase with nothing around them, on a connection that stays open."""

from __future__ import annotations

import uuid

import httpx


def of_sandbox(client: httpx.Client, product_id: str) -> None:
    """Its price, and the order, whose answer brings the key."""
    _read(client, f"/products/{product_id}")
    order = {"product": product_id, "quantity": 1, "max_price": "9.99"}
    _send(client, "/orders", {"reference": str(uuid.uuid4()), **order})


def of_kinguin(client: httpx.Client, product_id: str) -> None:
    """Its price, the order, how the order stands, and its keys."""
    price = _read(client, f"/v2/products/{product_id}").json()["price"]
    product = {"productId": product_id, "qty": 1, "price": price}
    order = {"orderExternalId": str(uuid.uuid4()), "products": [product]}
    made = _send(client, "/v2/order", order).json()["orderId"]
    _read(client, f"/v1/order/{made}")
    _read(client, f"/v2/order/{made}/keys?page=1&limit=100")


#: How a purchase is done at each, in requests that the adapter sends as well.
BARE = {"sandbox": of_sandbox, "kinguin": of_kinguin}


def _read(client: httpx.Client, path: str) -> httpx.Response:
    return client.get(path).raise_for_status()


def _send(client: httpx.Client, path: str, body: dict[str, object]) -> httpx.Response:
    return client.post(path, json=body).raise_for_status()
