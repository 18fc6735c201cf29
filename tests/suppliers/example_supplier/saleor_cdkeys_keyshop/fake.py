"""A fake Keyshop: a real HTTP server on this machine that can be told to fail."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import unquote

from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Shop, Sold
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.protocol import FakeHandler, Reply, read_object
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

#: The shop's words → Keyshop's.
_WORDS = {
    "out_of_stock": "sold_out",
    "price_changed": "too_dear",
    "insufficient_balance": "no_money",
    "unknown_product": "no_such_offer",
    "unknown_order": "no_such_order",
    "duplicate_reference": "ref_taken",
}


class Handler(FakeHandler):
    """One connection of a buyer."""

    fake: ClassVar[KeyshopServer]

    def refuse(self, refusal: Refusal) -> Reply:
        return refusal.status, {"error": _WORDS.get(refusal.code, refusal.code)}

    def route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        if self.headers.get("Authorization") != f"Bearer {self.fake.token}":
            raise Refusal("unauthorized", 401)
        match self.command, path.strip("/").split("/"):
            case "GET", ["offers", offer]:
                self.meet_on(Call.QUOTE)
                product = self.fake.shop.product(unquote(offer))
                return 200, {
                    "price": product.price,
                    "currency": self.fake.shop.currency,
                    "stock": product.stock,
                }
            case "POST", ["orders"]:
                return self._sell(read_object(raw))
            case "GET", ["orders"]:
                self.meet_on(Call.LOOKUP)
                return 200, self._told(self.fake.shop.find(query.get("ref", [""])[0]))
        raise Refusal("unknown_address", 404)

    def _sell(self, body: dict[str, Any]) -> Reply:
        fault = self.fake.script.draw_order(str(body["offer"]))
        if fault in BEFORE:
            self.meet(fault)
        self.sell_late(fault)
        sold = self.fake.shop.sell(
            reference=str(body["ref"]),
            product_id=str(body["offer"]),
            quantity=int(body["count"]),
            max_price=Decimal(body["most"]),
            fault=fault,
        )
        told = self._told(sold)
        if fault is Fault.UNREADABLE:
            told["keys"] = [{"?": key} for key in told["keys"]]
        return self.after_selling(fault, (201, told))

    def _told(self, sold: Sold) -> dict[str, Any]:
        now = sold.answer(self.fake.shop.currency)
        return {
            "id": sold.id,
            "ref": sold.reference,
            "state": "done" if now["status"] == "completed" else "open",
            "paid": sold.charged,
            "currency": self.fake.shop.currency,
            "keys": [{"id": key["id"], "code": key["code"]} for key in now["keys"]],
        }


class KeyshopServer(FakeServer):
    """The fake; ``token`` is what it asks for."""

    handler = Handler

    def __init__(self, shop: Shop, *, token: str, **options: Any) -> None:
        self.token = token
        super().__init__(shop, **options)
