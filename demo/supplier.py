"""The supplier of the demo: the sandbox, a fifth of whose answers are bad."""

from __future__ import annotations

import re
from collections import Counter

from demo import shop
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, SandboxServer, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import Script

#: The share of its answers to orders that are bad.
BAD_SHARE = 0.2
API_KEY = "demo-api-key"


class CountingScript(Script):
    """Remembers which faults the orders met; None counts the good answers."""

    def __init__(self, *, share: float, seed: int) -> None:
        super().__init__(share=share, seed=seed)
        self.met: Counter[Fault | None] = Counter()

    def draw(self) -> Fault | None:
        fault = super().draw()
        self.met[fault] += 1
        return fault


class DemoSupplier:
    """The sandbox server with the shop's bought goods; use it as a context."""

    def __init__(self, *, seed: int) -> None:
        self.script = CountingScript(share=BAD_SHARE, seed=seed)
        products = [
            Product(id=product_id(goods), price=goods.cost)
            for goods in shop.BOUGHT_GOODS
            if goods.cost is not None
        ]
        self.shop = Shop(products)
        self._server = SandboxServer(
            self.shop, script=self.script, api_key=API_KEY, hang_seconds=4.0
        )

    @property
    def url(self) -> str:
        return self._server.url

    def __enter__(self) -> DemoSupplier:
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()


def product_id(goods: shop.Goods) -> str:
    """What the supplier calls it."""
    return re.sub(r"[^a-z0-9]+", "-", goods.name.lower()).strip("-")
