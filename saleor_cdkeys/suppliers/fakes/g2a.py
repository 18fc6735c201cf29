"""A fake G2A: the buyer's side of its integration API.

    GET  /v1/products             page, id, minQty, minPriceFrom, minPriceTo, includeOutOfStock,
                                  updatedAtFrom, updatedAtTo
    POST /v1/order                reserve one key: product_id, currency, max_price, min_rating
    PUT  /v1/order/pay/<id>       pay, within half an hour
    GET  /v1/order/details/<id>
    GET  /v1/order/key/<id>       once

What an order is scripted to meet it meets when it is paid for, where money moves; only price and
stock go wrong when it is made. Making it and fetching its key have scripts of their own, in which
``late`` means that the key is not there yet. The codes for "too dear" and "out of stock", and for
a second payment, are made up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from hmac import compare_digest
from typing import Any, ClassVar
from urllib.parse import unquote

from saleor_cdkeys.suppliers.fakes.g2a_shop import Facts, Orders
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Product, Script, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.protocol import FakeHandler, Reply, read_object
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

#: Our words for a no → its status, its code, and what it says.
_ERRORS = {
    "no_credentials": (403, "AUTH01", "Authorization header is missing"),
    "unauthorized": (401, "AUTH02", "Wrong credentials"),
    "wrong_address": (403, "AUTH03", "IP address is not allowed"),
    "unknown_address": (404, "WRONGURL", "No such address"),
    "wrong_type": (400, "CTTYPE", "Content-Type must be application/json"),
    "no_json": (400, "BR01", "The body is no JSON"),
    "invalid": (400, "BR02", "Invalid data"),
    "busy": (429, "BR03", "Too many requests"),
    "unknown_product": (400, "BR04", "Invalid product id"),
    "invalid_page": (400, "PR01", "Invalid page"),
    "invalid_filter": (400, "PR02", "Invalid filter"),
    "too_dear": (400, "BR02", "No offer for that price"),
    "out_of_stock": (400, "BR02", "No offer"),
    "invalid_order": (400, "ORD01", "Invalid order id"),
    "unknown_order": (404, "ORD02", "Order not found"),
    "payment_required": (402, "ORD05", "Payment required"),
    "not_processed": (403, "ORD06", "The order is not processed yet"),
    "fetched_before": (400, "ORD04", "The key was downloaded already"),
    "duplicate_reference": (403, "ORD110", "The payment could not be processed"),
    "insufficient_balance": (403, "ORD112", "Not enough funds"),
    "paid_too_late": (403, "ORD114", "The order was to be paid within 30 minutes"),
    "down": (502, "ORD122", "Bad gateway"),
}
_FILTERS = ("minQty", "minPriceFrom", "minPriceTo", "updatedAtFrom", "updatedAtTo")
_LAST_PAGE = 500


class Handler(FakeHandler):
    """One connection of a buyer."""

    fake: ClassVar[G2AServer]

    def refuse(self, refusal: Refusal) -> Reply:
        status, code, message = _ERRORS.get(refusal.code, (500, "API00", "General error"))
        if refusal.code == "fetched_before":
            status = self.fake.fetched_status
        return status, {"status": "ERROR", "message": message, "code": code}

    def route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        self._check_credentials()
        params = {name: values[0] for name, values in query.items()}
        match self.command, [unquote(part) for part in path.strip("/").split("/")]:
            case "GET", ["v1", "products"]:
                return self._products(params)
            case "POST", ["v1", "order"]:
                return self._reserve(raw)
            case "PUT", ["v1", "order", "pay", order_id]:
                return self._pay(order_id, raw)
            case "GET", ["v1", "order", "details", order_id]:
                return self._details(order_id)
            case "GET", ["v1", "order", "key", order_id]:
                return self._key(order_id)
        raise Refusal("unknown_address")

    def _check_credentials(self) -> None:
        given = self.headers.get("Authorization")
        if given is None:
            raise Refusal("no_credentials")
        if not compare_digest(given.encode(), self.fake.authorization.encode()):
            raise Refusal("unauthorized")
        if not self.fake.lets_in:
            raise Refusal("wrong_address")

    def _products(self, params: Mapping[str, str]) -> Reply:
        self.meet_on(Call.QUOTE)
        number = params.get("page", "1")
        if not number.isdecimal() or not 1 <= int(number) <= _LAST_PAGE:
            raise Refusal("invalid_page")
        wanted = _filter(params)
        found = [
            (product, facts)
            for product, facts in self.fake.orders.listed()
            if params.get("id", product.id) == product.id and wanted(product, facts)
        ]
        size = self.fake.page_size
        first = (int(number) - 1) * size
        return 200, {
            "total": len(found),
            "page": int(number),
            "docs": [self._product(*item) for item in found[first : first + size]],
        }

    def _product(self, product: Product, facts: Facts) -> dict[str, Any]:
        product = self.fake.orders.seen(product)
        return {
            "id": product.id,
            "name": facts.name,
            "type": "egoods",
            "slug": f"/example-game-i{product.id}",
            "qty": product.stock,
            "minPrice": product.price,
            "retail_min_price": product.price,
            "thumbnail": "",
            "smallImage": "",
            "description": "",
            "region": facts.region,
            "developer": "",
            "publisher": "",
            "platform": facts.platform,
            "restrictions": {"pegi_violence": False},
            "requirements": {"minimal": {}, "recommended": {}},
            "videos": [],
            "categories": [],
            "availableToBuy": facts.is_sold,
            "updated_at": facts.updated_at.strftime("%Y-%m-%d %H:%M:%S"),
            "release_date": facts.release_date,
        }

    def _reserve(self, raw: bytes) -> Reply:
        fault = self.fake.order_script.draw()
        if fault in BEFORE:
            self.meet(fault)
        if self.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise Refusal("wrong_type")
        body = _object(raw)
        product_id, currency = body.get("product_id"), body.get("currency", "EUR")
        if not (isinstance(product_id, str) and product_id.isdecimal()):
            raise Refusal("unknown_product")
        if currency != self.fake.shop.currency or not 0 <= _number(body, "min_rating") <= 1:
            raise Refusal("invalid")
        order = self.fake.orders.reserve(
            product_id=product_id,
            max_price=_number(body, "max_price"),
            fault=self.fake.script.draw_order(product_id),
        )
        answer = {"order_id": order.id, "price": order.price, "currency": currency}
        if fault is Fault.UNREADABLE:
            del answer["order_id"]
        return self.after_selling(fault, (200, answer))

    def _pay(self, order_id: str, raw: bytes) -> Reply:
        if raw or self.headers.get("Content-Length") != "0":
            raise Refusal("no_json")
        fault = self.fake.orders.take_fault(order_id)
        if fault in BEFORE:
            self.meet(fault)
        self.sell_late(fault)
        sold = self.fake.orders.pay(order_id, fault)
        answer: dict[str, Any] = {"status": True, "transaction_id": sold.id}
        if fault is Fault.UNREADABLE:
            del answer["status"]
        return self.after_selling(fault, (200, answer))

    def _details(self, order_id: str) -> Reply:
        self.meet_on(Call.LOOKUP)
        order = self.fake.orders.order(order_id)
        return 200, {
            "status": self.fake.orders.status(order),
            "price": order.price,
            "currency": self.fake.shop.currency,
        }

    def _key(self, order_id: str) -> Reply:
        fault = self.fake.key_script.draw()
        if fault in BEFORE:
            self.meet(fault)
        if fault is Fault.LATE:
            raise Refusal("not_processed")
        key = self.fake.orders.fetch_key(order_id)
        answer = {"key": key["code"], "isFile": key["type"] != "text/plain"}
        if fault is Fault.UNREADABLE:
            answer = {"keys": [answer]}
        return self.after_selling(fault, (200, answer))


class G2AServer(FakeServer):
    """A fake G2A; ``base_url`` is its address, ``reserved_for`` how long an order can be paid for.

    ``order_script`` and ``key_script``: what making orders and fetching keys meet. ``lets_in``:
    whether the buyer's IP address is known. ``fetched_status``: how a key is refused that was
    fetched before; sources name 400 and 404.
    """

    handler = Handler

    def __init__(
        self,
        shop: Shop,
        *,
        api_hash: str,
        email: str,
        api_secret: str,
        page_size: int = 20,
        reserved_for: float = 30 * 60.0,
        **options: Any,
    ) -> None:
        digest = hashlib.sha256(f"{api_hash}{email}{api_secret}".encode()).hexdigest()
        self.authorization = f"{api_hash}, {digest}"
        self.orders = Orders(shop, reserved_for=reserved_for)
        self.order_script, self.key_script = Script(), Script()
        self.lets_in = True
        self.fetched_status = 400
        self.page_size = page_size
        super().__init__(shop, **options)

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"


def _object(raw: bytes) -> dict[str, Any]:
    try:
        return read_object(raw)
    except Refusal:
        raise Refusal("no_json") from None


def _number(body: Mapping[str, Any], field: str) -> Decimal:
    told = body.get(field, 0)
    if isinstance(told, bool) or not isinstance(told, int | Decimal) or told < 0:
        raise Refusal("invalid")
    return Decimal(told)


def _filter(params: Mapping[str, str]) -> Callable[[Product, Facts], bool]:
    if set(params) - {"page", "id", "includeOutOfStock", *_FILTERS}:
        raise Refusal("invalid_filter")
    shown = params.get("includeOutOfStock", "false")
    try:
        least, low, high = (
            None if name not in params else Decimal(params[name]) for name in _FILTERS[:3]
        )
        start, end = (None if name not in params else _time(params[name]) for name in _FILTERS[3:])
    except (InvalidOperation, ValueError):
        raise Refusal("invalid_filter") from None
    if shown not in ("true", "false"):
        raise Refusal("invalid_filter")

    def wanted(product: Product, facts: Facts) -> bool:
        return (
            (shown == "true" or product.stock > 0)
            and (least is None or product.stock >= least)
            and (low is None or product.price >= low)
            and (high is None or product.price <= high)
            and (start is None or facts.updated_at >= start)
            and (end is None or facts.updated_at <= end)
        )

    return wanted


def _time(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.UTC)
