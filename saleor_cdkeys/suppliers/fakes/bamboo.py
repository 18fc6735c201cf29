"""A fake Bamboo.

    GET  /api/integration/v2.0/catalog             brands with their products, paged from 0
    GET  /api/integration/v1.0/accounts
    POST /api/integration/v1.0/orders/checkout     buy; answers with the reference alone
    GET  /api/integration/v1.0/orders/<reference>
    GET  /api/Integration/v1/orders                history: startDate, endDate

What is not known of the real one can be set, so that an adapter is shown to depend on none of it:
whether an order is answered bare or in an object, where a reason stands, whether a 404 names one,
whether the history lists orders already.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import unquote

from saleor_cdkeys.suppliers.fakes.bamboo_shop import Books
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Product, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.protocol import FakeHandler, Reply, read_object
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

#: The shop's words for a no → Bamboo's.
_REASONS = {
    "out_of_stock": "ProductIsOutOfStock",
    "insufficient_balance": "InsufficientBalance",
    "duplicate_reference": "OrderAlreadyExists",
}


class Handler(FakeHandler):
    """One connection of a buyer."""

    fake: ClassVar[BambooServer]

    def refuse(self, refusal: Refusal) -> Reply:
        if refusal.code in _REASONS:
            return 400, {self.fake.reason_in: _REASONS[refusal.code]}
        if refusal.code == "OrderNotFound" and not self.fake.names_missing_orders:
            return 404, {"title": "Not Found", "status": 404}
        return refusal.status, {self.fake.reason_in: refusal.code}

    def route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        if self.headers.get("Authorization", "") != self.fake.authorization:
            raise Refusal("Unauthorized", 401)
        params = {name: values[0] for name, values in query.items()}
        match self.command, [unquote(part) for part in path.strip("/").split("/")]:
            case "GET", ["api", "integration", "v2.0", "catalog"]:
                return self._catalog(params)
            case "GET", ["api", "integration", "v1.0", "accounts"]:
                return self._accounts()
            case "POST", ["api", "integration", "v1.0", "orders", "checkout"]:
                return self._sell(read_object(raw))
            case "GET", ["api", "integration", "v1.0", "orders", reference]:
                return self._order(reference)
            case "GET", ["api", "Integration", "v1", "orders"]:
                return self._history(params)
        raise Refusal("NotFound", 404)

    def _catalog(self, params: Mapping[str, str]) -> Reply:
        self.meet_on(Call.QUOTE)
        index, size = _whole(params, "PageIndex", 0), _whole(params, "PageSize", 100)
        brands: dict[str, dict[str, Any]] = {}
        for product in self.fake.shop.products.values():
            if self._is_wanted(product, params):
                details = self.fake.books.of(product.id)
                brand = brands.setdefault(details.brand, self._brand(product))
                brand["products"].append(self._product(product))
        items = list(brands.values())
        return 200, {
            "pageIndex": index,
            "pageSize": size,
            "count": len(items),
            "items": items[index * size : (index + 1) * size],
        }

    def _is_wanted(self, product: Product, params: Mapping[str, str]) -> bool:
        details = self.fake.books.of(product.id)
        since = params.get("ModifiedDate")
        return (
            params.get("ProductId") in (None, product.id)
            and params.get("Name", "").casefold() in details.brand.casefold()
            and (since is None or details.changed > _day(since))
        )

    def _brand(self, product: Product) -> dict[str, Any]:
        details = self.fake.books.of(product.id)
        return {
            "internalId": f"brand-{details.brand}",
            "name": details.brand,
            "countryCode": details.country,
            "currencyCode": self.fake.shop.currency,
            "logoUrl": None,
            "products": [],
        }

    def _product(self, product: Product) -> dict[str, Any]:
        details = self.fake.books.of(product.id)
        low, high = details.faces
        return {
            "id": int(product.id),
            "name": details.name,
            "minFaceValue": low,
            "maxFaceValue": high,
            "count": product.stock if details.is_limited else None,
            "price": {
                "min": details.price(product, low),
                "max": details.price(product, high),
                "currencyCode": self.fake.prices_in or self.fake.shop.currency,
            },
        }

    def _accounts(self) -> Reply:
        self.meet_on(Call.BALANCE)
        ours = {
            "id": self.fake.account_id,
            "currency": self.fake.shop.currency,
            "balance": self.fake.shop.balance,
            "isActive": self.fake.is_active,
            "sandboxMode": True,
        }
        other = {**ours, "id": 7, "currency": "JPY", "balance": Decimal("1.50"), "isActive": True}
        return 200, {"accounts": [other, ours]}

    def _sell(self, body: dict[str, Any]) -> Reply:
        match body:
            case {
                "RequestId": str(reference),
                "AccountId": int(account_id),
                "Products": [
                    {"ProductId": int(product), "Quantity": int(quantity), "Value": face_value}
                ],
            } if isinstance(face_value, int | Decimal):
                pass
            case {"Products": []}:
                raise Refusal("NoProducts", 400)
            case _:
                raise Refusal("One or more validation errors occurred.", 400)
        if not _is_guid(reference):
            raise Refusal("One or more validation errors occurred.", 400)
        fault = self.fake.script.draw_order(str(product))
        if fault in BEFORE:
            self.meet(fault)
        self.sell_late(fault)
        if account_id != self.fake.account_id or not self.fake.is_active:
            raise Refusal("WrongAccount", 400)
        if quantity > self.fake.most_cards:
            raise Refusal("CardsLimitExceeded", 400)
        order = self.fake.books.sell(
            reference=reference.lower(),
            product_id=str(product),
            quantity=quantity,
            face_value=Decimal(face_value),
            fault=fault,
        )
        return self._accepted(order.reference, fault)

    def _accepted(self, reference: str, fault: Fault | None) -> Reply:
        if fault is Fault.UNREADABLE:
            return 200, {"accepted": True}
        told = {"requestId": reference} if self.fake.answers_with_object else reference
        return self.after_selling(fault, (200, told))

    def _order(self, reference: str) -> Reply:
        self.meet_on(Call.LOOKUP)
        return 200, self.fake.books.told(self.fake.books.order(reference.lower()))

    def _history(self, params: Mapping[str, str]) -> Reply:
        start, end = _day(params.get("startDate", "")), _day(params.get("endDate", ""))
        orders = self.fake.books.orders() if self.fake.lists_orders else []
        return 200, [
            self.fake.books.row(order) for order in orders if start <= order.created.date() <= end
        ]


class BambooServer(FakeServer):
    """The fake. ``credentials`` are client id and secret.

    ``prices_in``: a currency that prices are told in whatever was asked for. ``most_cards``: how
    many one order may have.
    """

    handler = Handler

    def __init__(
        self,
        shop: Shop,
        *,
        credentials: tuple[str, str] = ("client", "secret"),
        account_id: int = 1001,
        notification_secret: str = "notification",  # noqa: S107
        webhook_secret: str = "whsec_c2VjcmV0",  # noqa: S107
        **options: Any,
    ) -> None:
        pair = ":".join(credentials).encode()
        self.authorization = f"Basic {base64.b64encode(pair).decode()}"
        self.account_id = account_id
        self.is_active = True
        self.notification_secret = notification_secret
        self.webhook_secret = webhook_secret
        self.reason_in = "message"
        self.answers_with_object = False
        self.names_missing_orders = True
        self.lists_orders = True
        self.prices_in = ""
        self.most_cards = 1_000
        self.books = Books(shop)
        super().__init__(shop, **options)

    def notification(self, reference: str, *, status: str = "Succeeded") -> bytes:
        """What is sent when an order has come to its end, with the shared secret in it."""
        order = self.books.order(reference)
        message = {"orderId": order.number, "requestId": reference, "status": status}
        return json.dumps({**message, "secretKey": self.notification_secret}).encode()

    def webhook(self, message: Mapping[str, Any], *, age: float = 0.0) -> tuple[dict, bytes]:
        """Headers and body of a message as Svix signs it."""
        body = json.dumps(message).encode()
        message_id, moment = f"msg_{uuid.uuid4().hex}", str(int(time.time() - age))
        key = base64.b64decode(self.webhook_secret.removeprefix("whsec_"))
        content = f"{message_id}.{moment}.".encode() + body
        signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
        headers = {"id": message_id, "timestamp": moment, "signature": f"v1,{signature}"}
        return {f"svix-{name}": value for name, value in headers.items()}, body


def _whole(params: Mapping[str, str], name: str, usual: int) -> int:
    text = params.get(name, str(usual))
    if not text.isdecimal():
        raise Refusal("One or more validation errors occurred.", 400)
    return int(text)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal("One or more validation errors occurred.", 400) from None


def _is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
