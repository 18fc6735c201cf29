"""The HTTP side of the sandbox.

    GET  /products/<id>           price and stock
    GET  /products                the catalogue, page by page: search=…, ids=… (one a line), since=…
    POST /orders                  buy: reference, product, quantity, max_price
    GET  /orders?reference=…      an order by the buyer's reference
    GET  /balance
    POST /admin/faults            {"orders": ["timeout_after", null, …], "product": "P1",
                                   "nth": {"3": "garbage"}, "share": 0.2,
                                   "lookups": ["down_before"], "quotes": [], "balances": [],
                                   "catalogues": []}
    PUT  /admin/products/<id>     {"price": "5.00", "stock": 10, "name": "", "region": "",
                                   "blocked_countries": [], "is_preorder": false,
                                   "release_date": ""}
    DELETE /admin/products/<id>
    GET  /admin/ledger            everything that was sold, with its codes

Every call wants the API key where the server has one.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.goods import Listing, Product, Sold
from saleor_cdkeys.suppliers.sandbox_server.listing import list_products
from saleor_cdkeys.suppliers.sandbox_server.protocol import FakeHandler, Reply, read_object
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

if TYPE_CHECKING:
    from saleor_cdkeys.suppliers.sandbox_server.server import SandboxServer

#: What of the calls that buy nothing the script can be told, by the name it is told under.
_SCRIPTED = {
    "lookups": Call.LOOKUP,
    "quotes": Call.QUOTE,
    "balances": Call.BALANCE,
    "catalogues": Call.CATALOGUE,
}


class Handler(FakeHandler):
    """One connection of a buyer of the sandbox."""

    fake: ClassVar[SandboxServer]

    def refuse(self, refusal: Refusal) -> Reply:
        return refusal.status, {"error": refusal.code, "order": refusal.order}

    def route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        given = self.headers.get("X-Api-Key", "")
        if self.fake.api_key and not compare_digest(given.encode(), self.fake.api_key.encode()):
            raise Refusal("unauthorized", 401)
        match self.command, path.strip("/").split("/"):
            case "GET", ["products", product_id]:
                return self._quote(unquote(product_id))
            case "GET", ["products"]:
                self.meet_on(Call.CATALOGUE)
                return 200, list_products(self.fake.shop, query)
            case "GET", ["orders"]:
                return self._look_up(query.get("reference", [""])[0])
            case "GET", ["balance"]:
                self.meet_on(Call.BALANCE)
                shop = self.fake.shop
                return 200, {"balance": str(shop.balance), "currency": shop.currency}
            case "POST", ["orders"]:
                return self._sell(read_object(raw))
            case "POST", ["admin", "faults"]:
                return self._set_faults(read_object(raw))
            case "PUT", ["admin", "products", product_id]:
                return self._set_product(unquote(product_id), read_object(raw))
            case "DELETE", ["admin", "products", product_id]:
                self.fake.shop.remove_product(unquote(product_id))
                return 200, {}
            case "GET", ["admin", "ledger"]:
                return 200, [self._entry(sold) for sold in self.fake.shop.ledger.values()]
        raise Refusal("unknown_address", 404)

    def _entry(self, sold: Sold) -> dict[str, Any]:
        return {**sold.answer(self.fake.shop.currency), "keys": sold.all_keys()}

    def _quote(self, product_id: str) -> Reply:
        self.meet_on(Call.QUOTE)
        product = self.fake.shop.product(product_id)
        return 200, {
            "id": product.id,
            "price": str(product.price),
            "currency": self.fake.shop.currency,
            "stock": product.stock,
        }

    def _look_up(self, reference: str) -> Reply:
        self.meet_on(Call.LOOKUP)
        return 200, self.fake.shop.find(reference).answer(self.fake.shop.currency)

    def _sell(self, body: dict[str, Any]) -> Reply:
        try:
            product_id = str(body["product"])
            fault = self.fake.script.draw_order(product_id)
            if fault in BEFORE:
                self.meet(fault)
            self.sell_late(fault)
            sold = self.fake.shop.sell(
                reference=str(body["reference"]),
                product_id=product_id,
                quantity=int(body["quantity"]),
                max_price=Decimal(str(body["max_price"])),
                fault=fault,
            )
        except (KeyError, ValueError, TypeError, InvalidOperation):
            raise Refusal("invalid", 400) from None
        return self._tell(sold, fault)

    def _tell(self, sold: Sold, fault: Fault | None) -> Reply:
        answer = sold.answer(self.fake.shop.currency)
        if fault is Fault.UNREADABLE:
            answer["keys"] = [{"id": key["id"], "?": key} for key in sold.keys]
        return self.after_selling(fault, (201, answer))

    def _set_faults(self, body: dict[str, Any]) -> Reply:
        try:
            orders = _faults(body.get("orders"))
            calls = {call: _faults(body.get(name)) for name, call in _SCRIPTED.items()}
            nth = {int(number): Fault(name) for number, name in body.get("nth", {}).items()}
            share = float(body["share"]) if "share" in body else None
        except (ValueError, TypeError, AttributeError):
            raise Refusal("invalid", 400) from None
        script = self.fake.script
        script.queue(orders, product=str(body.get("product", "")))
        for call, faults in calls.items():
            script.queue_for(call, faults)
        for number, fault in nth.items():
            script.set_nth(number, fault)
        if share is not None:
            script.set_share(share)
        return 200, {}

    def _set_product(self, product_id: str, body: dict[str, Any]) -> Reply:
        try:
            price, stock = Decimal(str(body.pop("price"))), int(body.pop("stock"))
            product = Product(product_id, price, stock, Listing(**body))
        except (KeyError, ValueError, TypeError, InvalidOperation):
            raise Refusal("invalid", 400) from None
        if not product.price.is_finite():
            raise Refusal("invalid", 400)
        self.fake.shop.set_product(product)
        return 200, {}


def _faults(names: list[str | None] | None) -> list[Fault | None]:
    return [Fault(name) if name else None for name in names or []]
