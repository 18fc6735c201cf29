"""What the shop of the demo sells, and how many of which order come in."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """A sort of order. Its value is how the tables call it."""

    STOCK = "from stock"
    SEVERAL = "several units"
    BOUGHT = "bought"
    BOUGHT_SEVERAL = "bought, several"
    BOTH = "stock, rest bought"
    MIXED = "mixed cart"
    TYPED = "typed by staff"
    RESTOCKED = "sold out, restocked"
    UNPAID = "never paid"
    CANCELED = "paid, then cancelled"


#: How many of a hundred orders are of which kind.
SHARES = {
    Kind.STOCK: 26,
    Kind.SEVERAL: 10,
    Kind.BOUGHT: 20,
    Kind.BOUGHT_SEVERAL: 6,
    Kind.BOTH: 8,
    Kind.MIXED: 10,
    Kind.TYPED: 6,
    Kind.RESTOCKED: 8,
    Kind.UNPAID: 3,
    Kind.CANCELED: 3,
}

#: Kinds of orders whose customers must get nothing.
GET_NOTHING = frozenset({Kind.UNPAID, Kind.CANCELED})


@dataclasses.dataclass(frozen=True, slots=True)
class Goods:
    """A product. ``source`` as GraphQL names it, empty for one that is no key product."""

    sku: str
    name: str
    price: Decimal
    source: str
    delivery_mode: str = "TOGETHER"
    cost: Decimal | None = None
    instructions: str = ""


_ACTIVATE = "Open your launcher, choose “Activate a product” and paste the key."

NEON = Goods("NEON-DRIFT", "Neon Drift", Decimal("19.99"), "STOCK", instructions=_ACTIVATE)
ASH = Goods("SALT-AND-ASH", "Salt & Ash", Decimal("34.50"), "STOCK", instructions=_ACTIVATE)
KINGDOMS = Goods(
    "PAPER-KINGDOMS",
    "Paper Kingdoms",
    Decimal("24.00"),
    "STOCK_THEN_SUPPLIERS",
    cost=Decimal("15.20"),
    instructions=_ACTIVATE,
)
ORBIT = Goods("ORBIT-NINE", "Orbit Nine", Decimal("49.00"), "SUPPLIERS", cost=Decimal("38.10"))
WINTER = Goods(
    "DEEP-WINTER",
    "Deep Winter",
    Decimal("29.00"),
    "SUPPLIERS",
    delivery_mode="AS_AVAILABLE",
    cost=Decimal("21.75"),
)
LANTERN = Goods("LAST-LANTERN", "The Last Lantern", Decimal("14.99"), "STOCK")
CARD = Goods("GIFT-CARD-25", "Gift card 25 €", Decimal("25.00"), "MANUAL")
ART_BOOK = Goods("ART-BOOK", "Art book, PDF", Decimal("9.00"), "")

GOODS = (NEON, ASH, KINGDOMS, ORBIT, WINTER, LANTERN, CARD, ART_BOOK)
KEY_GOODS = tuple(goods for goods in GOODS if goods.source)
BOUGHT_GOODS = tuple(goods for goods in GOODS if goods.cost is not None)
