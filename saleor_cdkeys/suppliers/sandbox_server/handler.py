"""The HTTP side of the sandbox.

    GET  /products/<id>           price and stock
    POST /orders                  buy: reference, product, quantity, max_price
    GET  /orders?reference=…      an order by the buyer's reference
    GET  /balance
    POST /admin/faults            {"orders": ["timeout_after", null, …], "product": "P1",
                                   "nth": {"3": "garbage"}, "share": 0.2,
                                   "lookups": ["down_before"], "quotes": [], "balances": []}
    PUT  /admin/products/<id>     {"price": "5.00", "stock": 10}
    GET  /admin/ledger            everything that was sold, with its codes

Every call wants the API key where the server has one.
"""

from __future__ import annotations

import contextlib
import json
import socket
from decimal import Decimal, InvalidOperation
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.goods import Product, Sold
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

if TYPE_CHECKING:
    from saleor_cdkeys.suppliers.sandbox_server.server import SandboxServer

_TIMEOUTS = (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)
_DROPS = (Fault.DROP_BEFORE, Fault.DROP_AFTER)
_ERRORS = (Fault.ERROR_BEFORE, Fault.ERROR_AFTER)
_DOWNS = (Fault.DOWN_BEFORE, Fault.DOWN_AFTER)
#: What is sold, and its answer is lost.
_LOST = (Fault.TIMEOUT_AFTER, Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.DOWN_AFTER)

#: What of the calls that buy nothing the script can be told, by the name it is told under.
_SCRIPTED = {"lookups": Call.LOOKUP, "quotes": Call.QUOTE, "balances": Call.BALANCE}
#: No call of a buyer is longer, in bytes.
_MAX_BODY = 1_000_000

Reply = tuple[int, Any]


class Dropped(Exception):
    """Close the connection without an answer."""


class Handler(BaseHTTPRequestHandler):
    """One connection of a buyer. A subclass for each server says which ``sandbox`` it is."""

    sandbox: ClassVar[SandboxServer]
    protocol_version = "HTTP/1.1"
    # Headers and body leave as two packets, and the buyer's side would wait for the second.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet: the ledger tells more."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not (length.isdecimal() and int(length) <= _MAX_BODY):
            self.close_connection = True
            self._send(413, b'{"error": "invalid"}')
            return
        raw = self.rfile.read(int(length))
        address = urlsplit(self.path)
        self.sandbox.requests.append(f"{self.command} {address.path}")
        try:
            status, body = self._route(address.path, parse_qs(address.query), raw)
        except Refusal as refusal:
            status, body = refusal.status, {"error": refusal.code, "order": refusal.order}
        except Dropped:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(status, body if isinstance(body, bytes) else json.dumps(body).encode())

    def _send(self, status: int, content: bytes) -> None:
        # The buyer may be gone by now.
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", str(self.sandbox.retry_after))
            self.end_headers()
            self.wfile.write(content)

    def _route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        given = self.headers.get("X-Api-Key", "")
        if self.sandbox.api_key and not compare_digest(
            given.encode(), self.sandbox.api_key.encode()
        ):
            raise Refusal("unauthorized", 401)
        match self.command, path.strip("/").split("/"):
            case "GET", ["products", product_id]:
                return self._quote(unquote(product_id))
            case "GET", ["orders"]:
                return self._look_up(query.get("reference", [""])[0])
            case "GET", ["balance"]:
                self._meet(self.sandbox.script.draw_for(Call.BALANCE))
                shop = self.sandbox.shop
                return 200, {"balance": str(shop.balance), "currency": shop.currency}
            case "POST", ["orders"]:
                return self._sell(_read(raw))
            case "POST", ["admin", "faults"]:
                return self._set_faults(_read(raw))
            case "PUT", ["admin", "products", product_id]:
                return self._set_product(unquote(product_id), _read(raw))
            case "GET", ["admin", "ledger"]:
                return 200, [self._entry(sold) for sold in self.sandbox.shop.ledger.values()]
        raise Refusal("unknown_address", 404)

    def _entry(self, sold: Sold) -> dict[str, Any]:
        return {**sold.answer(self.sandbox.shop.currency), "keys": sold.all_keys()}

    def _quote(self, product_id: str) -> Reply:
        self._meet(self.sandbox.script.draw_for(Call.QUOTE))
        product = self.sandbox.shop.product(product_id)
        return 200, {
            "id": product.id,
            "price": str(product.price),
            "currency": self.sandbox.shop.currency,
            "stock": product.stock,
        }

    def _look_up(self, reference: str) -> Reply:
        self._meet(self.sandbox.script.draw_for(Call.LOOKUP))
        return 200, self.sandbox.shop.find(reference).answer(self.sandbox.shop.currency)

    def _sell(self, body: dict[str, Any]) -> Reply:
        try:
            product_id = str(body["product"])
            fault = self.sandbox.script.draw_order(product_id)
            if fault in BEFORE:
                self._meet(fault)
            if fault is Fault.SELLS_LATE and self.sandbox.stopping.wait(self.sandbox.hang_seconds):
                raise Dropped
            sold = self.sandbox.shop.sell(
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
        answer = sold.answer(self.sandbox.shop.currency)
        if fault in _LOST:
            self._meet(fault)
        if fault is Fault.GARBAGE:
            return 200, b"<html>Gateway"
        if fault is Fault.CUT_OFF:
            return 201, json.dumps(answer).encode()[:-20]
        if fault is Fault.UNREADABLE:
            return 201, {**answer, "keys": [{"id": key["id"], "?": key} for key in sold.keys]}
        if fault is Fault.LOOKUP_ERROR:
            self.sandbox.script.queue_for(Call.LOOKUP, [Fault.DOWN_BEFORE] * 2)
            raise Dropped
        return 201, answer

    def _meet(self, fault: Fault | None) -> None:
        """Go wrong without an answer that says what was done; None goes right."""
        if fault is None:
            return
        if fault in _TIMEOUTS:
            self.sandbox.stopping.wait(self.sandbox.hang_seconds)
            raise Dropped
        if fault in _DROPS:
            raise Dropped
        if fault is Fault.WRONG_CREDENTIALS:
            raise Refusal("unauthorized", 401)
        if fault is Fault.BUSY:
            raise Refusal("busy", 429)
        if fault in _ERRORS:
            raise Refusal("error", 500)
        raise Refusal("down", 503)

    def _set_faults(self, body: dict[str, Any]) -> Reply:
        try:
            orders = _faults(body.get("orders"))
            calls = {call: _faults(body.get(name)) for name, call in _SCRIPTED.items()}
            nth = {int(number): Fault(name) for number, name in body.get("nth", {}).items()}
            share = float(body["share"]) if "share" in body else None
        except (ValueError, TypeError, AttributeError):
            raise Refusal("invalid", 400) from None
        script = self.sandbox.script
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
            product = Product(product_id, Decimal(str(body["price"])), int(body["stock"]))
        except (KeyError, ValueError, TypeError, InvalidOperation):
            raise Refusal("invalid", 400) from None
        if not product.price.is_finite():
            raise Refusal("invalid", 400)
        self.sandbox.shop.set_product(product)
        return 200, {}


def _faults(names: list[str | None] | None) -> list[Fault | None]:
    return [Fault(name) if name else None for name in names or []]


def _read(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refusal("invalid", 400)
    return body
