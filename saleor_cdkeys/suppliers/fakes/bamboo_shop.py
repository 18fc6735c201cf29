"""What the fake Bamboo knows besides its shop: what its cards look like, and its orders."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import time
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.suppliers.sandbox_server.goods import Product, Sold
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal, Shop

_SHORT = (Fault.TOO_FEW, Fault.TOO_FEW_CHARGED)
_FAILED = {"id": 1, "cardCode": None, "pin": None, "serialNumber": None, "status": "Failed"}


@dataclasses.dataclass(frozen=True)
class Details:
    """What the catalogue says of a product. ``faces``: its lowest and highest face value.

    The shop's price is for the lowest; what costs more costs it in proportion. ``is_limited``:
    whether it tells the stock. ``changed``: the day.
    """

    brand: str = "Example Store"
    name: str = "Example Store 10 EUR"
    country: str = "DE"
    faces: tuple[Decimal, Decimal] = (Decimal(10), Decimal(10))
    is_limited: bool = True
    changed: dt.date = dt.date(2025, 1, 1)

    def price(self, product: Product, face_value: Decimal) -> Decimal:
        return product.price * face_value / self.faces[0]


@dataclasses.dataclass
class Order:
    """One order beside the ledger. ``status`` is one that was set by hand, or empty."""

    number: int
    reference: str
    face_value: Decimal
    created: dt.datetime
    is_short: bool
    status: str = ""


class Books:
    """Orders by the buyer's reference, safe for many threads."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.details: dict[str, Details] = {}
        self._lock = threading.RLock()
        self._orders: dict[str, Order] = {}

    def of(self, product_id: str) -> Details:
        return self.details.get(product_id, Details())

    def sell(
        self,
        *,
        reference: str,
        product_id: str,
        quantity: int,
        face_value: Decimal,
        fault: Fault | None,
    ) -> Order:
        """Raises Refusal. Nobody asks what the buyer is ready to pay."""
        with self._lock:
            product = self._product(product_id)
            details = self.of(product_id)
            low, high = details.faces
            if not low <= face_value <= high:
                raise Refusal("InvalidDenomination", 400)
            price = details.price(product, face_value)
            self.shop.set_product(dataclasses.replace(product, price=price))
            try:
                self.shop.sell(
                    reference=reference,
                    product_id=product_id,
                    quantity=quantity,
                    max_price=Decimal("Infinity"),
                    fault=fault,
                )
            finally:
                left = self.shop.product(product_id).stock
                self.shop.set_product(dataclasses.replace(product, stock=left))
            return self._enter(reference, face_value, is_short=fault in _SHORT)

    def _product(self, product_id: str) -> Product:
        try:
            return self.shop.product(product_id)
        except Refusal:
            raise Refusal("InvalidProductIds", 400) from None

    def _enter(self, reference: str, face_value: Decimal, *, is_short: bool) -> Order:
        order = Order(
            number=90000 + len(self._orders),
            reference=reference,
            face_value=face_value,
            created=dt.datetime.now(dt.UTC),
            is_short=is_short,
        )
        self._orders[reference] = order
        return order

    def order(self, reference: str) -> Order:
        with self._lock:
            if reference not in self._orders:
                raise Refusal("OrderNotFound", 404)
            return self._orders[reference]

    def orders(self) -> list[Order]:
        with self._lock:
            return list(self._orders.values())

    def sold(self, order: Order) -> Sold:
        return self.shop.find(order.reference)

    def told(self, order: Order) -> dict[str, Any]:
        """The order as the buyer is told of it now."""
        sold = self.sold(order)
        is_ready = not sold.late_keys or time.time() >= sold.ready_at
        details = self.of(sold.product)
        cards = [card(key) for key in (sold.all_keys() if is_ready else sold.keys)]
        if order.is_short:
            cards.append(_FAILED)
        ended = "PartialFailed" if order.is_short else "Succeeded"
        return {
            "orderId": order.number,
            "requestId": order.reference,
            "items": [
                {
                    "productId": int(sold.product),
                    "productFaceValue": order.face_value,
                    "quantity": sold.quantity,
                    "countryCode": details.country,
                    "currencyCode": self.shop.currency,
                    "cards": cards,
                }
            ],
            "status": order.status or (ended if is_ready else "Processing"),
            "errorMessage": None,
        }

    def row(self, order: Order) -> dict[str, Any]:
        """The order in the history of orders."""
        sold = self.sold(order)
        return {
            "clientName": "Example Shop",
            "orderNumber": f"B-{order.number}",
            "orderDate": order.created.isoformat(),
            "clientReferenceNumber": order.reference,
            "channel": "Sandbox",
            "productName": self.of(sold.product).name,
            "denomination": f"{order.face_value} {self.shop.currency}",
            "quantity": sold.quantity,
            "unitPrice": sold.charged / sold.quantity,
            "subTotal": sold.charged,
            "total": sold.charged,
            "accountCurrency": self.shop.currency,
            "status": self.told(order)["status"],
        }


def card(key: dict[str, Any]) -> dict[str, Any]:
    """A key of the shop as Bamboo's card: with a PIN where the shop's has one."""
    values = dict(key["fields"]) if "fields" in key else {"code": key["code"]}
    return {
        "id": int(key["id"], 16),
        "serialNumber": key["id"].upper(),
        "cardCode": values["code"],
        "pin": values.get("pin", ""),
        "expirationDate": None,
        "status": "Sold",
    }
