"""What the fake CodesWholesale knows besides its shop: its orders, codes, products and tokens."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
import threading
import time
import uuid
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.suppliers.sandbox_server.goods import Product, Sold
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal, Shop


@dataclasses.dataclass(frozen=True)
class Details:
    """What the price list says of a product. ``bands``: (price, from, to) where prices differ."""

    name: str = "Example Game"
    platform: str = "Steam"
    regions: tuple[str, ...] = ("WORLDWIDE",)
    release_date: str | None = None
    bands: tuple[tuple[Decimal, int, int | None], ...] = ()
    updated_at: dt.datetime = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass
class Order:
    """One order in the list. ``reference`` is the buyer's, or empty; ``in_ledger`` is unique.

    ``status`` is one that was set by hand, or empty.
    """

    id: str
    reference: str
    in_ledger: str
    created: dt.datetime
    total: Decimal
    ready_at: float
    is_preorder: bool = False
    status: str = ""

    @property
    def is_ready(self) -> bool:
        return time.time() >= self.ready_at


class Books:
    """Orders and codes by their ids, safe for many threads. A reference may buy again and again."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.details: dict[str, Details] = {}
        self._lock = threading.RLock()
        self._orders: dict[str, Order] = {}
        self._of_code: dict[str, str] = {}
        # Orders of a file from an earlier run count as made now.
        for sold in shop.ledger.values():
            self._enter(sold)

    def sell(
        self,
        *,
        reference: str,
        product_id: str,
        quantity: int,
        price: Decimal | None,
        allow_preorder: bool,
        fault: Fault | None,
    ) -> Order:
        """Raises Refusal. What is not in stock is sold ahead where the buyer allows it."""
        with self._lock:
            product = self.shop.product(product_id)
            is_preorder = allow_preorder and product.stock < quantity
            self._prepare(product, quantity, is_preorder=is_preorder)
            try:
                sold = self.shop.sell(
                    reference=self._unique(reference),
                    product_id=product_id,
                    quantity=quantity,
                    max_price=Decimal("Infinity") if price is None else price,
                    fault=Fault.LATE if is_preorder and fault is None else fault,
                )
            except Refusal:
                self.shop.set_product(product)
                raise
            left = self.shop.product(product_id).stock
            self.shop.set_product(dataclasses.replace(product, stock=left))
            return self._enter(sold, is_preorder=is_preorder)

    def _prepare(self, product: Product, quantity: int, *, is_preorder: bool) -> None:
        self.shop.set_product(
            dataclasses.replace(
                product,
                price=self.price(product, quantity),
                stock=quantity if is_preorder else product.stock,
            )
        )

    def price(self, product: Product, quantity: int) -> Decimal:
        for price, start, end in self.details.get(product.id, Details()).bands:
            if start <= quantity and (end is None or quantity <= end):
                return price
        return product.price

    def _unique(self, reference: str) -> str:
        """The ledger takes a reference once; CodesWholesale takes it as often as it is sent."""
        if not reference:
            return f"-{uuid.uuid4()}"
        times = sum(order.reference == reference for order in self._orders.values())
        return f"{reference}#{times + 1}" if times else reference

    def _enter(self, sold: Sold, *, is_preorder: bool = False) -> Order:
        order = Order(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, sold.id)),
            reference="" if sold.reference.startswith("-") else sold.reference.partition("#")[0],
            in_ledger=sold.reference,
            created=dt.datetime.now(dt.UTC),
            total=sold.charged,
            ready_at=sold.ready_at,
            is_preorder=is_preorder,
        )
        with self._lock:
            self._orders[order.id] = order
            self._of_code |= {key["id"]: order.id for key in sold.all_keys()}
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

    def of_code(self, code_id: str) -> tuple[Order, dict[str, Any]]:
        """A code that was handed out, with its order. Raises Refusal."""
        with self._lock:
            order_id = self._of_code.get(code_id, "")
            order = self._orders.get(order_id)
        if order is None or not (order.is_ready or order.is_preorder):
            raise Refusal("unknown_code", 404)
        (key,) = [key for key in self.sold(order).all_keys() if key["id"] == code_id]
        return order, key


class TokenDesk:
    """One token at a time, which lives for ``seconds``; who asks again gets it again."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.given: list[str] = []
        self._lock = threading.Lock()
        self._ends = 0.0

    def token(self) -> tuple[str, int]:
        """The token and the whole seconds it has left."""
        with self._lock:
            if time.monotonic() >= self._ends:
                self.given.append(f"cws-{secrets.token_hex(16)}")
                self._ends = time.monotonic() + self.seconds
            return self.given[-1], int(self._ends - time.monotonic())

    def accepts(self, token: str) -> bool:
        with self._lock:
            return (
                bool(self.given)
                and secrets.compare_digest(token.encode(), self.given[-1].encode())
                and time.monotonic() < self._ends
            )

    def revoke(self) -> None:
        """End the token before its time."""
        with self._lock:
            self._ends = 0.0
