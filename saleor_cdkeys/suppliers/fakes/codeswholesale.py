"""A fake CodesWholesale, version 3.

    POST /oauth/token             client credentials, as a form
    GET  /v3/products             price list: productIds, updatedSince, platform, continuationToken
    GET  /v3/products/<id>
    GET  /v3/accounts/current
    POST /v3/orders               buy one product, any number of it
    GET  /v3/orders               startFrom, endOn
    GET  /v3/orders/<id>
    GET  /v3/codes/<id>

What is not known of the real one can be set, so that an adapter is shown to depend on neither: how
late orders are listed and how many, whether an order is found by the buyer's reference, what
pre-orders are called. Its numbers for "no stock" and "another price" are made up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

from saleor_cdkeys.suppliers.fakes.codeswholesale_shop import Books, Details, Order, TokenDesk
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Product, Script, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.protocol import FakeHandler, Reply, read_object
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

#: Our words for a no → its number. The last two are made up, as is that of anything else.
_NUMBERS = {
    "insufficient_balance": (400, 10002, "Not enough money"),
    "unknown_product": (404, 20001, "Product not found"),
    "bad_quantity": (400, 40002, "Quantity must be greater than 0"),
    "unknown_code": (404, 50002, "Code not found"),
    "out_of_stock": (400, 90001, "Out of stock"),
    "price_changed": (400, 90002, "Price does not match"),
}


class Handler(FakeHandler):
    """One connection of a buyer."""

    fake: ClassVar[CodesWholesaleServer]

    def refuse(self, refusal: Refusal) -> Reply:
        if refusal.status == 401:
            code = refusal.code if refusal.code.startswith("invalid_") else "invalid_token"
            return 401, {"error": code, "error_description": "Not accepted"}
        status, number, message = _NUMBERS.get(refusal.code, (refusal.status, 90000, refusal.code))
        return status, {
            "status": status,
            "code": number,
            "message": message,
            "developerMessage": message,
            "moreInfo": "",
        }

    def route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        params = {name: values[0] for name, values in query.items()}
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if (self.command, parts) == ("POST", ["oauth", "token"]):
            return self._token(parse_qs(raw.decode(errors="replace")))
        scheme, _space, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not self.fake.tokens.accepts(token):
            raise Refusal("invalid_token", 401)
        match self.command, parts:
            case "GET", ["v3", "products"]:
                return self._products(params)
            case "GET", ["v3", "products", product_id]:
                self.meet_on(Call.QUOTE)
                return 200, self._product(self.fake.shop.product(product_id))
            case "GET", ["v3", "accounts", "current"]:
                return self._account()
            case "POST", ["v3", "orders"]:
                return self._sell(read_object(raw))
            case "GET", ["v3", "orders"]:
                return self._orders(params)
            case "GET", ["v3", "orders", order_id]:
                self.meet_on(Call.LOOKUP)
                return 200, self._order(self._find(order_id))
            case "GET", ["v3", "codes", code_id]:
                self.meet_on(Call.LOOKUP)
                order, key = self.fake.books.of_code(code_id)
                return 200, self._code(order, key, alone=True)
        raise Refusal("unknown_address", 404)

    def _token(self, form: Mapping[str, list[str]]) -> Reply:
        self.meet(self.fake.token_script.draw())
        told = {name: values[0] for name, values in form.items()}
        if told.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type", "error_description": "?"}
        if (told.get("client_id"), told.get("client_secret")) != self.fake.credentials:
            raise Refusal("invalid_client", 401)
        value, seconds = self.fake.tokens.token()
        if self.fake.wraps_tokens:
            end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
            return 200, {
                "value": value,
                "tokenType": "bearer",
                "expiresIn": seconds,
                "expiration": _iso(end),
            }
        return 200, {"access_token": value, "token_type": "bearer", "expires_in": seconds}

    def _account(self) -> Reply:
        self.meet_on(Call.BALANCE)
        balance = self.fake.shop.balance
        return 200, {
            "fullName": "Example Shop",
            "email": "shop@example.com",
            "currentBalance": balance,
            "currentCredit": 0,
            "totalToUse": balance,
        }

    def _products(self, params: Mapping[str, str]) -> Reply:
        self.meet_on(Call.QUOTE)
        if "updatedSince" in params and "createdSince" in params:
            raise Refusal("invalid", 400)
        since = _moment(params["updatedSince"]) if "updatedSince" in params else None
        ids = params["productIds"].split(",") if "productIds" in params else None
        found = [
            product
            for product in self.fake.shop.products.values()
            if (ids is None or product.id in ids)
            and (since is None or self._details(product).updated_at >= since)
            and params.get("platform", self._details(product).platform)
            == self._details(product).platform
        ]
        return 200, _page(
            [self._product(product) for product in found], params, self.fake.page_size
        )

    def _details(self, product: Product) -> Details:
        return self.fake.books.details.get(product.id, Details())

    def _product(self, product: Product) -> dict[str, Any]:
        details = self._details(product)
        bands = details.bands or ((product.price, 1, None),)
        return {
            "productId": product.id,
            "identifier": "EX-1",
            "name": details.name,
            "platform": details.platform,
            "quantity": product.stock,
            "regions": list(details.regions),
            "regionDescription": None,
            "languages": ["Multilanguage"],
            "badges": [],
            "prices": [{"value": price, "from": start, "to": end} for price, start, end in bands],
            "images": [],
            "releaseDate": details.release_date,
            "links": [],
        }

    def _sell(self, body: dict[str, Any]) -> Reply:
        match body.get("products"):
            case [{"productId": str(product_id), "quantity": int(quantity), **rest}]:
                price = rest.get("price")
            case _:
                raise Refusal("invalid", 400)
        if not (price is None or isinstance(price, int | Decimal)):
            raise Refusal("invalid", 400)
        fault = self.fake.script.draw_order(product_id)
        if fault in BEFORE:
            self.meet(fault)
        self.sell_late(fault)
        if quantity < 1:
            raise Refusal("bad_quantity", 400)
        order = self.fake.books.sell(
            # A reference under any other name is dropped without a word.
            reference=str(body.get("orderId") or ""),
            product_id=product_id,
            quantity=quantity,
            price=None if price is None else Decimal(price),
            allow_preorder=body.get("allowPreOrder", True) is True,
            fault=None if fault is Fault.FIELDS else fault,
        )
        answer = self._order(order)
        if fault is Fault.UNREADABLE:
            for line in answer["products"]:
                line["codes"] = [{"?": code} for code in line["codes"]]
        return self.after_selling(fault, (200, answer))

    def _find(self, order_id: str) -> Order:
        if self.fake.finds_by_reference:
            for order in self.fake.books.orders():
                if order.reference == order_id:
                    return order
        return self.fake.books.order(order_id)

    def _orders(self, params: Mapping[str, str]) -> Reply:
        self.meet_on(Call.LOOKUP)
        start, end = _moment(params.get("startFrom", "")), _moment(params.get("endOn", ""))
        latest = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=self.fake.lists_after)
        items = [
            _summary(order)
            for order in self.fake.books.orders()
            if start <= order.created <= min(end, latest)
        ]
        items = items[: self.fake.lists_at_most]
        return 200, _page(items, params, self.fake.page_size)

    def _order(self, order: Order) -> dict[str, Any]:
        sold = self.fake.books.sold(order)
        keys = sold.all_keys() if order.is_ready or order.is_preorder else sold.keys
        line = {
            "productId": sold.product,
            "name": self.fake.books.details.get(sold.product, Details()).name,
            "unitPrice": self.fake.books.price(self.fake.shop.product(sold.product), sold.quantity),
            "codes": [self._code(order, key, alone=False) for key in keys],
            "links": [],
        }
        href = f"{self.fake.url}/v3/orders/{order.reference}"
        return {
            **_summary(order),
            "products": [line],
            "links": [{"rel": "self", "href": href}],
        }

    def _code(self, order: Order, key: dict[str, Any], *, alone: bool) -> dict[str, Any]:
        """A code; in its order, a picture and what was sold ahead are without their value."""
        told = {"codeId": key["id"], "status": "", "filename": None, "links": []}
        if order.is_preorder and not (alone and order.is_ready):
            return {**told, "codeType": self.fake.preorder_type, "code": None}
        if key["type"] == "text/plain":
            return {**told, "codeType": "CODE_TEXT", "code": key["code"]}
        return {
            **told,
            "codeType": "CODE_IMAGE",
            "code": key["code"] if alone else None,
            "filename": key["name"],
        }


class CodesWholesaleServer(FakeServer):
    """The fake. ``credentials`` are client id and secret.

    ``lists_after``: seconds until a new order is listed; ``lists_at_most``: how many the list holds
    without a word. ``token_script``: what calls for a token meet.
    """

    handler = Handler

    def __init__(
        self,
        shop: Shop,
        *,
        credentials: tuple[str, str] = ("client", "secret"),
        signature: str = "signature",
        token_seconds: float = 3600.0,
        wraps_tokens: bool = False,
        page_size: int = 200,
        lists_after: float = 0.0,
        lists_at_most: int | None = None,
        finds_by_reference: bool = True,
        preorder_type: str = "CODE_PREORDER",
        **options: Any,
    ) -> None:
        self.credentials = credentials
        self.signature = signature
        self.wraps_tokens = wraps_tokens
        self.page_size = page_size
        self.lists_after = lists_after
        self.lists_at_most = lists_at_most
        self.finds_by_reference = finds_by_reference
        self.preorder_type = preorder_type
        self.tokens = TokenDesk(token_seconds)
        self.token_script = Script()
        self.books = Books(shop)
        super().__init__(shop, **options)

    def postback(self, type_: str, **payload: Any) -> bytes:
        """A message to the shop, with the hash that is the same in every one."""
        secret = self.credentials[0] + self.signature
        proof = hashlib.sha256(secret.encode()).hexdigest()
        return json.dumps({"type": type_, "authHash": proof, **payload}).encode()


def _summary(order: Order) -> dict[str, Any]:
    is_done = order.is_ready or order.is_preorder
    return {
        "orderId": order.id,
        "clientOrderId": order.reference or None,
        "identifier": f"FAKE-{order.id[:8]}",
        "totalPrice": order.total,
        "createdOn": _iso(order.created),
        "status": order.status or ("Completed" if is_done else "Fulfilling"),
    }


def _page(items: list[dict[str, Any]], params: Mapping[str, str], size: int) -> dict[str, Any]:
    token = params.get("continuationToken", "0")
    if not token.isdecimal():
        raise Refusal("invalid", 400)
    end = int(token) + size
    page: dict[str, Any] = {"items": items[int(token) : end]}
    return {**page, "continuationToken": str(end)} if end < len(items) else page


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("invalid", 400) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
