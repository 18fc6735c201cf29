"""A fake Kinguin: the buyer's side of its eCommerce API (ESA).

    GET  /v1/products                 page, limit, name, kinguinId, productId, updatedSince, …
    GET  /v1/products/<kinguinId>
    GET  /v2/products/<productId>
    GET  /v1/balance
    POST /v1/order, /v2/order         one product by kinguinId or productId
    GET  /v1/order                    page, limit, orderExternalId, orderId, status
    GET  /v1/order/<orderId>
    GET  /v2/order/<orderId>/keys     page, limit
    POST /v2/order/<orderId>/keys/return

The id of a product of the shop is its productId. What is not known of the real one can be set, or
is chosen here: which status comes with most kinds of errors, and whether references repeat.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hmac import compare_digest
from typing import Any, ClassVar
from urllib.parse import unquote

from saleor_cdkeys.suppliers.fakes.kinguin_shop import MOST_KEYS, Books, Order
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Product, Script, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.protocol import FakeHandler, Reply, read_object
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

#: Our words for a no → status, kind and what they have to say.
_ERRORS = {
    "unknown_product": (404, "HttpClient", "Not found"),
    "out_of_stock": (400, "ProductUnavailable", "No offer for this price and quantity"),
    "price_changed": (400, "ProductUnavailable", "No offer for this price and quantity"),
    "insufficient_balance": (400, "InsufficientBalance", "Insufficient balance"),
    "preorder": (400, "Preorder", "Pre-orders have an order of their own"),
    "repeated_reference": (400, "ConstraintViolation", "orderExternalId is not unique"),
    "invalid": (400, "ConstraintViolation", "This value is not valid"),
    "order_failed": (422, "OrderFailed", "The order could not be created"),
    "unknown_order": (404, "OrderNotFound", "Order not found"),
    "no_keys_to_return": (400, "NoKeysToReturn", "No keys to return"),
}
_NO_CREDENTIALS = {
    "kind": "Authorization",
    "status": 401,
    "type": "Unauthorized",
    "detail": "Invalid authentication data.",
}


class Handler(FakeHandler):
    """One connection of a buyer."""

    fake: ClassVar[KinguinServer]

    def refuse(self, refusal: Refusal) -> Reply:
        if refusal.status == 401:
            return 401, _NO_CREDENTIALS
        unknown = (refusal.status, "Http" if refusal.status in (404, 503) else "Error", "?")
        status, kind, detail = _ERRORS.get(refusal.code, unknown)
        path = self.path.partition("?")[0]
        return status, {
            "kind": kind,
            "status": status,
            "type": "Error",
            "detail": detail,
            "path": f"/api{path}",
            "method": self.command,
            "trace": "0a1b2c3d4e",
            "timestamp": _iso(dt.datetime.now(dt.UTC)),
            "propertyPath": "orderExternalId" if refusal.code == "repeated_reference" else None,
        }

    def route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        given = self.headers.get("X-Api-Key", "")
        if not compare_digest(given.encode(), self.fake.api_key.encode()):
            raise Refusal("unauthorized", 401)
        params = {name: values[0] for name, values in query.items()}
        match self.command, [unquote(part) for part in path.strip("/").split("/")]:
            case "GET", ["v1", "products"]:
                return self._products(params)
            case "GET", ["v1", "products", kinguin_id]:
                return self._quote(lambda: self.fake.books.by_kinguin_id(kinguin_id))
            case "GET", ["v2", "products", product_id]:
                return self._quote(lambda: self.fake.shop.product(product_id))
            case "GET", ["v1", "balance"]:
                self.meet_on(Call.BALANCE)
                return 200, {"balance": self.fake.shop.balance}
            case "POST", [("v1" | "v2") as version, "order"]:
                return self._sell(version, read_object(raw))
            case "GET", ["v1", "order"]:
                return self._orders(params)
            case "GET", ["v1", "order", order_id]:
                self.meet_on(Call.LOOKUP)
                return 200, self.fake.told(self.fake.books.order(order_id))
            case "GET", ["v2", "order", order_id, "keys"]:
                return self._keys(self.fake.books.order(order_id), params)
            case "POST", ["v2", "order", order_id, "keys", "return"]:
                return 200, self.fake.books.take_back(self.fake.books.order(order_id))
        raise Refusal("unknown_address", 404)

    # --- Products --------------------------------------------------------------------------------

    def _quote(self, find: Any) -> Reply:
        self.meet_on(Call.QUOTE)
        product = find()
        if product.stock < 1:
            # As for a product that it does not know.
            raise Refusal("unknown_product", 404)
        return 200, self._product(product)

    def _products(self, params: Mapping[str, str]) -> Reply:
        self.meet_on(Call.CATALOGUE)
        books = self.fake.books
        products = [product for product in self.fake.shop.products.values() if product.stock > 0]
        if "name" in params:
            name = params["name"].casefold()
            if len(name) < 3:
                raise Refusal("invalid")
            products = [p for p in products if name in books.of(p).name.casefold()]
        if "productId" in params:
            products = [p for p in products if p.id in params["productId"].split(",")]
        if "kinguinId" in params:
            ids = params["kinguinId"].split(",")
            products = [p for p in products if str(books.kinguin_id(p)) in ids]
        if "updatedSince" in params:
            since = _moment(params["updatedSince"])
            products = [p for p in products if books.of(p).updated_at >= since]
        if params.get("sortBy") == "updatedAt":
            is_reversed = params.get("sortType") == "desc"
            products.sort(key=lambda p: books.of(p).updated_at, reverse=is_reversed)
        page = _page(products, params)
        return 200, {
            "results": [self._product(product) for product in page],
            "item_count": len(products),
        }

    def _product(self, product: Product) -> dict[str, Any]:
        details = self.fake.books.of(product)
        return {
            "kinguinId": self.fake.books.kinguin_id(product),
            "productId": product.id,
            "name": details.name,
            "originalName": details.name,
            "platform": details.platform,
            "price": product.price,
            "cheapestOfferId": ["5f7efd272f3a650001f42722"],
            "qty": product.stock,
            "textQty": product.stock,
            "totalQty": product.stock,
            "offersCount": 1,
            "isPreorder": details.is_preorder,
            "releaseDate": details.release_date,
            "regionId": details.region_id,
            "regionalLimitations": details.region,
            "countryLimitation": list(details.blocked),
            "updatedAt": _iso(details.updated_at),
            "offers": list(details.offers),
        }

    # --- Orders ----------------------------------------------------------------------------------

    def _sell(self, version: str, body: dict[str, Any]) -> Reply:
        reference, item = body.get("orderExternalId", ""), _item(version, body)
        if not isinstance(reference, str):
            raise Refusal("invalid")
        named = item["productId" if version == "v2" else "kinguinId"]
        fault = self.fake.script.draw_order(str(named))
        if fault in BEFORE:
            self.meet(fault)
        self.sell_late(fault)
        books = self.fake.books
        product = self.fake.shop.product(named) if version == "v2" else books.by_kinguin_id(named)
        if books.of(product).is_preorder and "keyType" in item:
            raise Refusal("preorder")
        order = books.sell(
            reference=reference,
            product=product,
            quantity=item["qty"],
            asked=Decimal(item["price"]),
            fault=None if fault in (Fault.FILE, Fault.FIELDS) else fault,
        )
        if self.fake.order_failures:
            self.fake.order_failures -= 1
            raise Refusal("order_failed")
        answer = self.fake.told(order, is_new=True)
        if fault is Fault.UNREADABLE:
            del answer["orderId"]
        return self.after_selling(fault, (201, answer))

    def _orders(self, params: Mapping[str, str]) -> Reply:
        self.meet_on(Call.LOOKUP)
        orders = [
            order
            for order in self.fake.books.orders()
            if params.get("orderExternalId", order.reference) == order.reference
            and params.get("orderId", order.id) == order.id
            and ("status" not in params or params["status"] == self.fake.books.status(order))
        ]
        results = [self.fake.told(order) for order in _page(orders, params)]
        return 200, {"results": results, "item_count": len(orders)}

    def _keys(self, order: Order, params: Mapping[str, str]) -> Reply:
        self.meet(self.fake.key_script.draw())
        sold = self.fake.books.sold(order)
        product = self.fake.shop.product(sold.product)
        return 200, [
            {
                "id": key["id"],
                "serial": key["code"],
                "type": key["type"],
                "name": self.fake.books.of(product).name,
                "kinguinId": self.fake.books.kinguin_id(product),
                "productId": product.id,
                "offerId": "5f7efd272f3a650001f42722",
            }
            for key in _page(self.fake.books.delivered(order), params)
        ]


class KinguinServer(FakeServer):
    """The fake. ``key_script``: what downloads of keys meet.

    ``order_failures``: so many of the next orders are made, and answered as if they had failed.
    """

    handler = Handler

    def __init__(
        self,
        shop: Shop,
        *,
        api_key: str = "key",
        webhook_secret: str = "secret",  # noqa: S107
        refuses_repeats: bool = False,
        step: float = 0.0,
        **options: Any,
    ) -> None:
        self.api_key = api_key
        self.webhook_secret = webhook_secret
        self.key_script = Script()
        self.order_failures = 0
        self.books = Books(shop, refuses_repeats=refuses_repeats, step=step)
        super().__init__(shop, **options)

    def told(self, order: Order, *, is_new: bool = False) -> dict[str, Any]:
        """An order as the buyer is told of it now; a new one says nothing of its keys."""
        sold = self.books.sold(order)
        product = self.shop.product(sold.product)
        details = self.books.of(product)
        line = {
            "kinguinId": self.books.kinguin_id(product),
            "productId": product.id,
            "offerId": "5f7efd272f3a650001f42722",
            "name": details.name,
            "qty": sold.quantity,
            "price": sold.charged / sold.quantity,
            "totalPrice": sold.charged,
            "requestPrice": order.asked,
            "isPreorder": order.is_preorder,
            "releaseDate": details.release_date,
        }
        if not is_new:
            states = self.books.states(order)
            line["keys"] = [{"id": key, "status": state} for key, state in states.items()]
        return {
            "orderId": order.id,
            "orderExternalId": order.reference,
            "kinguinOrderId": order.number,
            "status": "processing" if is_new else self.books.status(order),
            "storeId": 7,
            "userEmail": "buyer@example.test",
            "createdAt": _iso(order.created),
            "totalPrice": sold.charged,
            "requestTotalPrice": order.asked * sold.quantity,
            # Their table calls it a text, their sample has a number.
            "paymentPrice": str(sold.charged) if is_new else sold.charged,
            "totalQty": sold.quantity,
            "isPreorder": order.is_preorder,
            **({"preorderReleaseDate": details.release_date} if order.is_preorder else {}),
            "products": [line],
        }

    def webhook(self, event: str, **payload: Any) -> tuple[dict[str, str], bytes]:
        """Headers and body of a message to the shop."""
        headers = {
            "Content-Type": "aplication/json",
            "X-Event-Name": event,
            "X-Event-Secret": self.webhook_secret,
        }
        return headers, json.dumps(payload).encode()


def _item(version: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What is ordered. Raises Refusal. Kinguin sells several products in an order, the fake one."""
    name, form = ("productId", str) if version == "v2" else ("kinguinId", int)
    match body.get("products"):
        case [{"qty": int(quantity), "price": int() | Decimal(), **rest} as item]:
            is_usable = (
                1 <= quantity <= MOST_KEYS
                and isinstance(rest.get(name), form)
                and rest.keys() <= {name, "keyType", "offerId"}
                and rest.get("keyType", "text") == "text"
            )
            if is_usable:
                return dict(item)
    raise Refusal("invalid")


def _page(items: Sequence[Any], params: Mapping[str, str]) -> Sequence[Any]:
    page, limit = params.get("page", "1"), params.get("limit", "25")
    if not (page.isdecimal() and limit.isdecimal() and int(page) and 1 <= int(limit) <= 100):
        raise Refusal("invalid")
    start = (int(page) - 1) * int(limit)
    return items[start : start + int(limit)]


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("invalid") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
