"""The stage of the adapters that come with the plugin: a fake, whose shop keeps the books."""

from __future__ import annotations

import base64
import uuid
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product
from saleor_cdkeys.testing.supplier_contract import Stage
from saleor_cdkeys.values import KeyCode


def code_of(key: dict[str, Any]) -> KeyCode:
    """A key as the books have it, read as an adapter should."""
    if "fields" in key:
        return KeyCode.of_fields([(name, value) for name, value in key["fields"]])
    if key["type"] == "text/plain":
        return KeyCode.of_text(key["code"])
    data = base64.b64decode(key["code"])
    return KeyCode.of_bytes(data, media_type=key["type"], filename=key["name"])


class FakeStage(Stage):
    """Inherit it, and say which adapters there are."""

    #: What the fake's shop calls the product, where the adapter may ask for it by another name.
    in_books = ""

    def __init__(self, server: Any) -> None:
        self.server = server

    def will(self, *faults: Fault | None) -> None:
        self.server.script.queue(faults)

    def will_on(self, call: Call, *faults: Fault | None) -> None:
        self.server.script.queue_for(call, faults)

    def set_stock(self, stock: int) -> None:
        self._set_product(Decimal("5.10"), stock)

    def set_price(self, price: str) -> None:
        self._set_product(Decimal(price))

    def _set_product(self, *facts: Any) -> None:
        self.server.shop.set_product(Product(self.in_books or self.product, *facts))

    def read_code(self, key: dict[str, Any]) -> KeyCode:
        return code_of(key)

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        return [self.read_code(key) for key in self.server.shop.ledger[str(reference)].all_keys()]

    def orders_sold(self) -> list[uuid.UUID]:
        # A second order of a reference stands in the books with a number behind it.
        return [uuid.UUID(reference.partition("#")[0]) for reference in self.server.shop.ledger]
