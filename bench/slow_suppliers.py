"""Fake suppliers that take their time, in a process of the bench's own."""

from __future__ import annotations

import dataclasses
import time
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.fakes.sellers import SELLERS
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Product, Shop
from saleor_cdkeys.suppliers.sandbox_server.protocol import Reply

_servers: list[FakeServer] = []


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that the supplier takes for an order, and for each of its other answers."""

    order: float
    other: float


def serve(name: str, pace: Pace) -> str:
    """Start one in this process, which goes on with it; returns its address."""
    seller = SELLERS[name]
    products = [Product(each, Decimal("5.10"), stock=1_000_000) for each in seller.product_ids]
    shop = Shop(products, balance=Decimal(100_000_000))
    server = seller.server(shop, **seller.options)
    _slow_down(server, pace)
    _servers.append(server.start())
    return server.url


def _slow_down(server: FakeServer, pace: Pace) -> None:
    handler = server._server.RequestHandlerClass
    route = handler.route

    def slow_route(self: Any, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        began = time.monotonic()
        try:
            return route(self, path, query, raw)
        finally:
            # The whole answer takes that long, however long the fake itself is at it.
            seconds = pace.order if self.command == "POST" else pace.other
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))

    handler.route = slow_route


def open_account(name: str, url: str) -> Any:
    """The shop's account there."""
    from saleor_cdkeys.acquisition import suppliers

    seller = SELLERS[name]
    return suppliers.create(
        name=name,
        adapter=name,
        values={"config": seller.settings(url), "secrets": dict(seller.secrets)},
    )
