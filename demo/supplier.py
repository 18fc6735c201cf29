"""The supplier of the demo: the sandbox, a fifth of whose answers are bad."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

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


def code_of(*, text: str = "", fields: Iterable[tuple[str, str]] = (), data: bytes = b"") -> str:
    """What tells one code from another, whichever form it has."""
    if data:
        # The sandbox's images are a dot of colour with the code behind it.
        return data[data.rindex(b"SBX-") :].decode()
    return text or dict(fields)["code"]


def code_of_item(item: dict[str, Any]) -> str:
    """The same of a key as the supplier's ledger holds it."""
    if "fields" in item:
        return code_of(fields=item["fields"])
    if item["type"] == "text/plain":
        return str(item["code"])
    return code_of(data=base64.b64decode(item["code"]))
