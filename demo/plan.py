"""Which orders come in. Pure, and the same for the same seed."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterable, Mapping

from demo import shop
from demo.shop import Goods, Kind

_LANGUAGES = ("EN", "DE", "PL")

#: Of the orders whose product is "own stock, then suppliers", so many find keys in stock.
_IN_STOCK_OF_BOTH = 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    goods: Goods
    quantity: int


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedOrder:
    """``is_answered``: where staff must type the keys, whether they get round to it in time."""

    kind: Kind
    email: str
    language: str
    lines: tuple[Line, ...]
    is_answered: bool = True

    @property
    def owed(self) -> int:
        """How many keys the customer is owed."""
        if self.kind in shop.GET_NOTHING:
            return 0
        return sum(line.quantity for line in self.lines if line.goods.source)

    @property
    def expected(self) -> int:
        """How many of those can be delivered while the demo runs."""
        return self.owed if self.is_answered else 0


def plan(*, count: int, seed: int, shares: Mapping[Kind, int] = shop.SHARES) -> list[PlannedOrder]:
    """So many orders of every kind, in the order in which they come in."""
    dice = random.Random(seed)
    kinds = _kinds(count, shares)
    dice.shuffle(kinds)
    return [_order(kind, number, dice) for number, kind in enumerate(kinds, start=1)]


def _kinds(count: int, shares: Mapping[Kind, int]) -> list[Kind]:
    """By share, and at least one of each where there are enough orders for that."""
    kinds = list(shares)
    for kind, share in shares.items():
        kinds += [kind] * (count * share // 100 - 1)
    kinds += [Kind.STOCK] * (count - len(kinds))
    return kinds[:count]


def _order(kind: Kind, number: int, dice: random.Random) -> PlannedOrder:
    return PlannedOrder(
        kind=kind,
        email=f"customer{number:04d}@example.com",
        language=dice.choice(_LANGUAGES),
        lines=tuple(_lines(kind, dice)),
        is_answered=kind is not Kind.TYPED or dice.random() < 0.5,
    )


def _lines(kind: Kind, dice: random.Random) -> Iterable[Line]:
    match kind:
        case Kind.STOCK:
            return [Line(dice.choice((shop.NEON, shop.ASH)), 1)]
        case Kind.SEVERAL:
            return [Line(shop.NEON, dice.randint(2, 5)), *_sometimes(shop.ASH, dice)]
        case Kind.BOUGHT:
            return [Line(dice.choice((shop.ORBIT, shop.WINTER)), 1)]
        case Kind.BOUGHT_SEVERAL:
            return [Line(shop.WINTER, dice.randint(2, 4)), *_sometimes(shop.ORBIT, dice)]
        case Kind.BOTH:
            return [Line(shop.KINGDOMS, dice.randint(1, 3))]
        case Kind.MIXED:
            key = dice.choice((shop.NEON, shop.ORBIT))
            return [Line(shop.ART_BOOK, dice.randint(1, 2)), Line(key, 1)]
        case Kind.TYPED:
            return [Line(shop.CARD, 1)]
        case Kind.RESTOCKED:
            return [Line(shop.LANTERN, dice.randint(1, 2))]
        case Kind.UNPAID:
            return [Line(shop.NEON, dice.randint(1, 2))]
        case Kind.CANCELED:
            return [Line(shop.LANTERN, 1)]


def _sometimes(goods: Goods, dice: random.Random) -> list[Line]:
    return [Line(goods, 1)] if dice.random() < 0.4 else []


def stock_needed(orders: Iterable[PlannedOrder]) -> Counter[Goods]:
    """How many keys the shop has when it opens, by product, with a few to spare."""
    ordered = _ordered(orders)
    first = Counter({goods: ordered[goods] + 5 for goods in (shop.NEON, shop.ASH)})
    first[shop.KINGDOMS] = int(ordered[shop.KINGDOMS] * _IN_STOCK_OF_BOTH)
    return first


def restock_needed(orders: Iterable[PlannedOrder]) -> Counter[Goods]:
    """How many keys come later, of what was sold out, with a few to spare."""
    return Counter({shop.LANTERN: _ordered(orders)[shop.LANTERN] + 3})


def purchases_needed(orders: Iterable[PlannedOrder]) -> Counter[Goods]:
    """How many keys will have to be bought, by product."""
    every = list(orders)
    ordered, stock = _ordered(every), stock_needed(every)
    return Counter({goods: ordered[goods] - stock[goods] for goods in shop.BOUGHT_GOODS})


def _ordered(orders: Iterable[PlannedOrder]) -> Counter[Goods]:
    ordered: Counter[Goods] = Counter()
    for order in orders:
        for line in order.lines:
            ordered[line.goods] += line.quantity
    return ordered
