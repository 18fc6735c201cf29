"""What the fake G2A knows besides its shop: its orders, from the reservation to the key."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.suppliers.sandbox_server.goods import Product, Sold
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal, Shop

#: An order has one key with one price, so these cannot happen.
_IMPOSSIBLE = frozenset(
    {Fault.FIELDS, Fault.TOO_FEW, Fault.TOO_FEW_CHARGED, Fault.TOO_MANY, Fault.OVERCHARGE}
)
#: These happen before anything is reserved; the others when it is paid for.
_ON_RESERVING = frozenset({Fault.PRICE_RISES, Fault.NO_STOCK})


@dataclasses.dataclass(frozen=True)
class Facts:
    """What the catalogue says of a product."""

    name: str = "Example Game"
    platform: str = "Steam"
    region: str = "GLOBAL"
    release_date: str | None = None
    is_sold: bool = True
    updated_at: dt.datetime = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass
class Order:
    """One order. ``fault`` is what paying for it meets; ``status`` one that was set by hand."""

    id: str
    product: str
    price: Decimal
    made_at: float
    fault: Fault | None = None
    is_paid: bool = False
    is_fetched: bool = False
    is_given_up: bool = False
    status: str = ""


class Orders:
    """Orders by their ids, safe for many threads; those that are paid for are in the ledger.

    ``reserved_for``: so many seconds an order can be paid for. ``lets_prices_through``: whether the
    buyer's highest price is overlooked.
    """

    def __init__(self, shop: Shop, *, reserved_for: float) -> None:
        self.shop = shop
        self._reserved_for = reserved_for
        self.facts: dict[str, Facts] = {}
        self.lets_prices_through = False
        self._lock = threading.RLock()
        self._ahead = 0.0
        self._moments: dict[str, Fault] = {}
        # Orders of a file from an earlier run; whether their keys were fetched is forgotten.
        self._orders = {
            sold.reference: Order(
                sold.reference, sold.product, sold.charged, self.now(), is_paid=True
            )
            for sold in shop.ledger.values()
        }
        self._next_id = max([61792533, *map(int, self._orders)]) + 1

    def now(self) -> float:
        return time.time() + self._ahead

    def pass_time(self, *, minutes: float) -> None:
        """Put this supplier's clock forward."""
        self._ahead += minutes * 60

    def listed(self) -> Iterator[tuple[Product, Facts]]:
        """The catalogue. What a product had for a moment is seen once."""
        with self._lock:
            self._give_up()
            products = list(self.shop.products.values())
        for product in products:
            yield product, self.facts.get(product.id, Facts())

    def seen(self, product: Product) -> Product:
        """A product as it is shown at this moment."""
        with self._lock:
            return _under(product, self._moments.pop(product.id, None))

    def reserve(self, *, product_id: str, max_price: Decimal, fault: Fault | None) -> Order:
        """Raises Refusal. A highest price of 0 is none."""
        with self._lock:
            self._give_up()
            kept = self.shop.product(product_id)
            at_once = fault if fault in _ON_RESERVING else None
            product = _under(kept, at_once)
            is_too_dear = 0 < max_price < product.price and not self.lets_prices_through
            if product.stock < 1 or is_too_dear:
                if at_once is not None:
                    self._moments[product_id] = at_once
                raise Refusal("out_of_stock" if product.stock < 1 else "too_dear", 400)
            self.shop.set_product(dataclasses.replace(kept, stock=kept.stock - 1))
            order = Order(
                id=str(self._next_id),
                product=product_id,
                price=product.price,
                made_at=self.now(),
                fault=None if fault in _IMPOSSIBLE or at_once else fault,
            )
            self._next_id += 1
            self._orders[order.id] = order
            return order

    def take_fault(self, order_id: str) -> Fault | None:
        """What paying for an order meets; paying again meets nothing. Raises Refusal."""
        with self._lock:
            order = self.order(order_id)
            fault, order.fault = order.fault, None
            return fault

    def pay(self, order_id: str, fault: Fault | None) -> Sold:
        """Raises Refusal. Paying twice is refused, and written down as a refused reference."""
        with self._lock:
            order = self.order(order_id)
            product = self.shop.product(order.product)
            if not order.is_paid and self._is_over(order):
                raise Refusal("paid_too_late", 403)
            # What is reserved keeps its price, and is not in stock any more.
            self.shop.set_product(Product(product.id, order.price, 1))
            try:
                sold = self.shop.sell(
                    reference=order.id,
                    product_id=order.product,
                    quantity=1,
                    max_price=order.price,
                    fault=fault,
                )
            finally:
                self.shop.set_product(product)
            order.is_paid = True
            return sold

    def order(self, order_id: str) -> Order:
        if not order_id.isdecimal():
            raise Refusal("invalid_order", 400)
        with self._lock:
            order = self._orders.get(order_id)
        if order is None:
            raise Refusal("unknown_order", 404)
        return order

    def status(self, order: Order) -> str:
        if order.status or not order.is_paid:
            return order.status or "new"
        return "complete" if self._is_ready(order) else "pending"

    def fetch_key(self, order_id: str) -> dict[str, Any]:
        """Hand the key out, once. Raises Refusal."""
        with self._lock:
            order = self.order(order_id)
            if not order.is_paid:
                raise Refusal("payment_required", 402)
            if not self._is_ready(order):
                raise Refusal("not_processed", 403)
            if order.is_fetched:
                raise Refusal("fetched_before", 400)
            order.is_fetched = True
            (key,) = self.shop.find(order.id).all_keys()
            return key

    def _is_ready(self, order: Order) -> bool:
        return self.now() >= self.shop.find(order.id).ready_at

    def _is_over(self, order: Order) -> bool:
        return self.now() - order.made_at > self._reserved_for

    def _give_up(self) -> None:
        """Put what was reserved and not paid for back on sale."""
        for order in self._orders.values():
            if self._is_over(order) and not (order.is_paid or order.is_given_up):
                order.is_given_up = True
                product = self.shop.product(order.product)
                self.shop.set_product(dataclasses.replace(product, stock=product.stock + 1))


def _under(product: Product, fault: Fault | None) -> Product:
    if fault is Fault.PRICE_RISES:
        return dataclasses.replace(product, price=product.price * 3)
    return dataclasses.replace(product, stock=0) if fault is Fault.NO_STOCK else product
