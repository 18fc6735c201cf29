"""The sandbox's shop: who may buy what, for how much, and the ledger of what was sold.

The ledger is the truth that the plugin's tables are compared with.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from decimal import Decimal

from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.suppliers.sandbox_server.goods import Listing, Product, Sold, new_key
from saleor_cdkeys.suppliers.sandbox_server.ledger import Ledger

__all__ = ["Listing", "Product", "Refusal", "Shop", "Sold"]


class Refusal(Exception):
    """A clear no with its code; nothing was sold. ``order``: the one it is about, if any."""

    def __init__(self, code: str, status: int = 409, *, order: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.order = order


class Shop:
    """Products, balance and the ledger, safe for many threads.

    ``database`` is a file that keeps them; what it holds already wins over ``products`` and
    ``balance``. ``late_seconds``: how long late keys take.
    """

    def __init__(
        self,
        products: Iterable[Product] = (),
        *,
        balance: Decimal = Decimal(1_000_000),
        currency: str = "EUR",
        late_seconds: float = 1.0,
        database: str = ":memory:",
    ) -> None:
        self.currency = currency
        self.late_seconds = late_seconds
        self._ledger = Ledger(database)
        with self._ledger.writing():
            for product in products:
                self._ledger.add_product(product, replace=False)
            if self._ledger.balance() is None:
                self._ledger.set_balance(balance)

    @property
    def products(self) -> dict[str, Product]:
        return {product.id: product for product in self._ledger.products()}

    @property
    def balance(self) -> Decimal:
        return self._ledger.balance() or Decimal(0)

    @balance.setter
    def balance(self, balance: Decimal) -> None:
        self._ledger.set_balance(balance)

    @property
    def ledger(self) -> dict[str, Sold]:
        """All orders by the buyer's reference, the oldest first."""
        return {sold.reference: sold for sold in self._ledger.sold()}

    @property
    def refused_references(self) -> list[str]:
        """References that were sent again: each is a purchase that was nearly made twice."""
        return self._ledger.refused()

    def set_product(self, product: Product) -> None:
        """Offer a product, at another price or with another stock than before."""
        self._ledger.add_product(product, replace=True)

    def remove_product(self, product_id: str) -> None:
        """Offer a product no more, as if there had never been one."""
        self._ledger.remove_product(product_id)

    def product(self, product_id: str) -> Product:
        product = self._ledger.product(product_id)
        if product is None:
            raise Refusal("unknown_product", 404)
        return product

    def find(self, reference: str) -> Sold:
        sold = self._ledger.find(reference)
        if sold is None:
            raise Refusal("unknown_order", 404)
        return sold

    def sell(
        self,
        *,
        reference: str,
        product_id: str,
        quantity: int,
        max_price: Decimal,
        fault: Fault | None,
    ) -> Sold:
        """Sell, or raise Refusal. A reference sells once; its repetition is refused."""
        with self._ledger.writing():
            earlier = self._ledger.find(reference)
            if earlier is None:
                return self._sell_new(reference, product_id, quantity, max_price, fault)
            self._ledger.add_refused(reference)
        raise Refusal("duplicate_reference", order=earlier.id)

    def _sell_new(
        self,
        reference: str,
        product_id: str,
        quantity: int,
        max_price: Decimal,
        fault: Fault | None,
    ) -> Sold:
        product = self.product(product_id)
        price = product.price * 3 if fault is Fault.PRICE_RISES else product.price
        self._refuse(product, quantity, price, max_price, fault)
        sold = self._make(reference, product, quantity, price, fault)
        self._ledger.add_sold(sold)
        product.stock -= quantity
        self._ledger.add_product(product, replace=True)
        self._ledger.set_balance(self.balance - sold.charged)
        return sold

    def _refuse(
        self,
        product: Product,
        quantity: int,
        price: Decimal,
        max_price: Decimal,
        fault: Fault | None,
    ) -> None:
        if quantity < 1:
            raise Refusal("invalid", 400)
        if product.stock < quantity or fault is Fault.NO_STOCK:
            raise Refusal("out_of_stock")
        if price > max_price:
            raise Refusal("price_changed")
        if self.balance < price * quantity or fault is Fault.NO_BALANCE:
            raise Refusal("insufficient_balance", 402)

    def _make(
        self, reference: str, product: Product, quantity: int, price: Decimal, fault: Fault | None
    ) -> Sold:
        count = _count(quantity, fault)
        keys = [new_key(product.id, fault) for _ in range(count)]
        if fault is Fault.DUPLICATE_CODE:
            last = self._ledger.last_sold()
            known = last.all_keys() if last else keys[1:]
            if known:
                keys[0] = {**known[0], "id": keys[0]["id"]}
        late = {Fault.LATE: count, Fault.LATE_REST: max(1, count - 1)}.get(fault or Fault.BUSY, 0)
        charged = price * (count if fault is Fault.TOO_FEW else quantity)
        return Sold(
            id=f"S{secrets.token_hex(5).upper()}",
            reference=reference,
            product=product.id,
            quantity=quantity,
            charged=charged * 2 if fault is Fault.OVERCHARGE else charged,
            keys=keys[: count - late],
            late_keys=keys[count - late :],
            ready_at=time.time() + self.late_seconds if late else 0.0,
        )


def _count(quantity: int, fault: Fault | None) -> int:
    if fault in (Fault.TOO_FEW, Fault.TOO_FEW_CHARGED):
        return quantity - 1
    return quantity + 1 if fault is Fault.TOO_MANY else quantity
