"""What is bought, and where: at the sandbox alone, or at four suppliers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from decimal import Decimal

from demo import shop
from demo.shop import Goods, Kind
from saleor_cdkeys.suppliers.fakes.sellers import SELLERS

#: What staff call the suppliers, by the names of their adapters.
NAMES = {
    "sandbox": "Sandbox",
    "kinguin": "Kinguin",
    "codeswholesale": "CodesWholesale",
    "g2a": "G2A",
    "bamboo": "Bamboo",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """One of the shop's products at a supplier, which calls it ``product_id``.

    ``part``: of the keys that have to be bought it has so many; None for more than anybody wants.
    """

    goods: Goods
    seller: str
    product_id: str
    price: Decimal
    part: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Market:
    """``offers`` in the order in which staff map them; ``cheapest`` are the products for which the
    cheapest supplier is asked first. ``orders`` come in unless told otherwise, ``shares`` of a
    hundred of each kind.
    """

    offers: tuple[Offer, ...]
    orders: int
    shares: Mapping[Kind, int]
    cheapest: frozenset[Goods] = frozenset()

    @property
    def sellers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(offer.seller for offer in self.offers))

    def of(self, goods: Goods) -> list[Offer]:
        """In the order of the mappings."""
        return [offer for offer in self.offers if offer.goods is goods]

    def asked(self, goods: Goods) -> list[Offer]:
        """In the order in which the suppliers are asked."""
        offers = self.of(goods)
        if goods in self.cheapest:
            return sorted(offers, key=lambda offer: offer.price)
        return offers


def _in_sandbox(goods: Goods) -> Offer:
    product_id = re.sub(r"[^a-z0-9]+", "-", goods.name.lower()).strip("-")
    return Offer(goods, "sandbox", product_id, goods.cost or goods.price)


SANDBOX = Market(
    offers=tuple(_in_sandbox(goods) for goods in shop.BOUGHT_GOODS),
    orders=300,
    shares=shop.SHARES,
)


def _at(seller: str, number: int, goods: Goods, price: str, part: float | None = None) -> Offer:
    return Offer(goods, seller, SELLERS[seller].product_ids[number], Decimal(price), part)


#: Each product has two suppliers, of which the first to be asked runs out.
FOUR_SUPPLIERS = Market(
    offers=(
        _at("kinguin", 0, shop.ORBIT, "38.10"),
        _at("codeswholesale", 0, shop.WINTER, "21.75", 0.55),
        _at("g2a", 0, shop.ORBIT, "36.95", 0.55),
        _at("bamboo", 0, shop.KINGDOMS, "15.20", 0.65),
        _at("kinguin", 1, shop.WINTER, "21.49"),
        _at("codeswholesale", 1, shop.KINGDOMS, "15.84"),
    ),
    orders=120,
    # More that has to be bought than on an ordinary day.
    shares={
        Kind.STOCK: 8,
        Kind.SEVERAL: 3,
        Kind.BOUGHT: 34,
        Kind.BOUGHT_SEVERAL: 14,
        Kind.BOTH: 16,
        Kind.MIXED: 10,
        Kind.TYPED: 3,
        Kind.RESTOCKED: 4,
        Kind.UNPAID: 4,
        Kind.CANCELED: 4,
    },
    cheapest=frozenset({shop.ORBIT, shop.KINGDOMS}),
)
