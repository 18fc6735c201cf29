"""What the fake Kinguin knows besides its shop: its orders, their keys and its products."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import time
import uuid
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.suppliers.sandbox_server.goods import Product, Sold
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal, Shop

#: More keys are not sold of one offer.
MOST_KEYS = 9


@dataclasses.dataclass(frozen=True)
class Details:
    """What the catalogue says of a product. ``kinguin_id`` 0: one that is made from its other id.

    ``offers`` are told as they stand.
    """

    kinguin_id: int = 0
    name: str = "Example Game"
    platform: str = "Steam"
    region_id: int = 3
    region: str = "Region free"
    blocked: tuple[str, ...] = ()
    is_preorder: bool = False
    release_date: str = "2020-10-07"
    updated_at: dt.datetime = dt.datetime(2025, 7, 1, 10, tzinfo=dt.UTC)
    offers: tuple[Mapping[str, Any], ...] = ()


@dataclasses.dataclass
class Order:
    """One order. ``reference`` is the buyer's, or empty; ``in_ledger`` is unique.

    Set by hand: ``status``, where it is not empty; ``states`` of keys, by their ids;
    ``is_released``, after which all keys are there.
    """

    id: str
    reference: str
    in_ledger: str
    number: int
    created: dt.datetime
    asked: Decimal
    is_preorder: bool
    status: str = ""
    is_returned: bool = False
    is_released: bool = False
    states: dict[str, str] = dataclasses.field(default_factory=dict)


class Books:
    """Orders by their ids, safe for many threads.

    ``refuses_repeats``: whether a reference sells once; what today's Kinguin does is not known.
    ``step``: seconds from one late key to the next.
    """

    def __init__(self, shop: Shop, *, refuses_repeats: bool = False, step: float = 0.0) -> None:
        self.shop = shop
        self.refuses_repeats = refuses_repeats
        self.step = step
        self.details: dict[str, Details] = {}
        self._lock = threading.RLock()
        self._orders: dict[str, Order] = {}
        # Orders of a file from an earlier run count as made now.
        for sold in shop.ledger.values():
            self._enter(sold, asked=sold.charged / sold.quantity, is_preorder=False)

    def of(self, product: Product) -> Details:
        return self.details.get(product.id, Details())

    def kinguin_id(self, product: Product) -> int:
        return self.of(product).kinguin_id or zlib.crc32(product.id.encode()) + 1

    def by_kinguin_id(self, told: object) -> Product:
        for product in self.shop.products.values():
            if str(self.kinguin_id(product)) == str(told):
                return product
        raise Refusal("unknown_product", 404)

    def sell(
        self,
        *,
        reference: str,
        product: Product,
        quantity: int,
        asked: Decimal,
        fault: Fault | None,
    ) -> Order:
        """Sell at the market's price, where the asked one is not below it. Raises Refusal."""
        is_preorder = self.of(product).is_preorder
        with self._lock:
            if fault is Fault.PRICE_RISES:
                self.shop.set_product(dataclasses.replace(product, price=product.price * 3))
                fault = None
            sold = self.shop.sell(
                reference=self._unique(reference),
                product_id=product.id,
                quantity=quantity,
                max_price=asked,
                fault=Fault.LATE if is_preorder and fault is None else fault,
            )
            order = self._enter(sold, asked=asked, is_preorder=is_preorder)
        if fault in (Fault.TOO_FEW, Fault.TOO_FEW_CHARGED):
            lost = "REFUNDED" if fault is Fault.TOO_FEW else "CANCELED"
            order.states[uuid.uuid4().hex[:24]] = lost
        return order

    def _unique(self, reference: str) -> str:
        """The ledger takes a reference once."""
        if not reference:
            return f"-{uuid.uuid4()}"
        times = sum(order.reference == reference for order in self._orders.values())
        if times and self.refuses_repeats:
            raise Refusal("repeated_reference", 400)
        return f"{reference}#{times + 1}" if times else reference

    def _enter(self, sold: Sold, *, asked: Decimal, is_preorder: bool) -> Order:
        with self._lock:
            number = len(self._orders) + 1
            order = Order(
                id=sold.id,
                reference="" if sold.reference.startswith("-") else sold.reference.split("#")[0],
                in_ledger=sold.reference,
                number=number,
                # Apart, so that it is clear which is the oldest.
                created=dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=number),
                asked=asked,
                is_preorder=is_preorder,
            )
            self._orders[order.id] = order
        return order

    def orders(self) -> list[Order]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._orders.values()))

    def order(self, order_id: str) -> Order:
        with self._lock:
            order = self._orders.get(order_id)
        if order is None:
            raise Refusal("unknown_order", 404)
        return order

    def sold(self, order: Order) -> Sold:
        return self.shop.find(order.in_ledger)

    def delivered(self, order: Order) -> list[dict[str, Any]]:
        """The keys that can be downloaded now."""
        sold = self.sold(order)
        now = time.time()
        late = [
            key
            for place, key in enumerate(sold.late_keys)
            if order.is_released or now >= sold.ready_at + place * self.step
        ]
        return sold.keys + late

    def states(self, order: Order) -> dict[str, str]:
        """What is told of each key."""
        delivered = {key["id"] for key in self.delivered(order)}
        keys = self.sold(order).all_keys()
        states = {
            key["id"]: "DELIVERED" if key["id"] in delivered else "PROCESSING" for key in keys
        }
        if order.is_returned:
            states = dict.fromkeys(states, "RETURNED")
        return {**states, **order.states}

    def status(self, order: Order) -> str:
        is_complete = len(self.delivered(order)) == len(self.sold(order).all_keys())
        return order.status or ("completed" if is_complete else "processing")

    def call_off(self, order: Order, *, status: str) -> None:
        """Cancel or refund an order, with the money given back."""
        with self._lock:
            order.status = status
            order.states |= dict.fromkeys(self.states(order), status.upper())
            self.shop.balance += self.sold(order).charged

    def take_back(self, order: Order) -> list[dict[str, Any]]:
        """Raises Refusal: once, and nothing that was sold ahead."""
        with self._lock:
            delivered = self.delivered(order)
            if order.is_returned or order.is_preorder or not delivered:
                raise Refusal("no_keys_to_return", 400)
            order.is_returned = True
        # Returning takes a while, so it tells of the keys as they were.
        return [{"id": key["id"], "status": "DELIVERED"} for key in delivered]
