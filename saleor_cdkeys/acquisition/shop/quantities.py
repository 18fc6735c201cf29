"""How many keys of a product ought to be for sale, and in which warehouse. Pure."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.policy import PriceGuard, highest_unit_price
from saleor_cdkeys.acquisition.shop.costs import Circumstances, price_at, sellers
from saleor_cdkeys.acquisition.shop.facts import MOST_SHOWN, Facts
from saleor_cdkeys.exchange.converting import NoRate
from saleor_cdkeys.host.shop_stock import StockRow, VariantStock
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.values import Money


@dataclasses.dataclass(frozen=True, slots=True)
class Quantity:
    """What a warehouse is to have; ``row`` is how it stands there, None where it has no row."""

    warehouse_id: uuid.UUID
    warehouse: str
    row: StockRow | None
    new: int

    @property
    def is_change(self) -> bool:
        return self.row is None or self.row.quantity != self.new

    @property
    def was_for_sale(self) -> int:
        return self.row.for_sale if self.row is not None else 0

    @property
    def for_sale(self) -> int:
        return self.new - (self.row.allocated if self.row is not None else 0)


@dataclasses.dataclass(frozen=True, slots=True)
class StockPlan:
    """``for_sale`` is how many can be bought then. Saleor looks at stock if ``is_tracked``."""

    quantities: tuple[Quantity, ...]
    for_sale: int
    reason: str
    is_tracked: bool
    no_rates: tuple[NoRate, ...] = ()

    @property
    def is_change(self) -> bool:
        return not self.is_tracked or any(quantity.is_change for quantity in self.quantities)


def plan_stock(facts: Facts, around: Circumstances, paid: Sequence[Money]) -> StockPlan | None:
    """The stock of a product that is to follow; None where there is no place for it.

    ``paid``: what a customer pays in each channel, by which the price guard decides.
    """
    stock, place = facts.stock, _place(facts, around)
    if stock is None or place is None:
        return None
    supplied, no_rates = _supplied(facts, around, paid)
    own = facts.free
    if not facts.product.is_active:
        own = supplied = 0
    owed = max(facts.wanted - facts.coming, 0)
    for_sale = _shown(own + supplied - owed, stock)
    return StockPlan(
        quantities=tuple(_quantities(stock.rows, place, for_sale)),
        for_sale=for_sale,
        reason=_("%(own)d in stock, %(supplied)d at suppliers, %(owed)d owed to orders.")
        % {"own": own, "supplied": supplied, "owed": owed},
        is_tracked=stock.is_tracked,
        no_rates=no_rates,
    )


def _place(facts: Facts, around: Circumstances) -> tuple[uuid.UUID, str] | None:
    """The chosen warehouse, else the first that has the variant, else one of its channels'."""
    if around.warehouse is not None:
        return around.warehouse
    if facts.stock is not None and facts.stock.rows:
        first = facts.stock.rows[0]
        return first.warehouse_id, first.warehouse
    places = (around.warehouses.get(listing.channel_id) for listing in facts.listings)
    return next((place for place in places if place is not None), None)


def _supplied(
    facts: Facts, around: Circumstances, paid: Sequence[Money]
) -> tuple[int, tuple[NoRate, ...]]:
    """How many keys suppliers have that may be bought whichever channel they are sold in."""
    missing: list[NoRate] = []
    count = 0
    try:
        for mapping in sellers(facts, around):
            try:
                if all(_is_within_guard(facts, around, mapping, price) for price in paid):
                    left = facts.left_at(mapping)
                    count += around.unsaid if left is None else left
            except NoRate as error:
                missing.append(error)
    except NoRate as error:
        missing.append(error)
    return count, tuple(missing)


def _is_within_guard(
    facts: Facts, around: Circumstances, mapping: SupplierMapping, paid: Money
) -> bool:
    return price_at(mapping) <= highest_unit_price(
        guard=PriceGuard.of(facts.product),
        customer_price=paid,
        currency=mapping.price_currency,
        rate_between=around.rate_between,
    )


def _shown(count: int, stock: VariantStock) -> int:
    """From nothing to MOST_SHOWN; what is plenty is not set anew with every key that is sold."""
    if count < MOST_SHOWN:
        return max(count, 0)
    return stock.for_sale if MOST_SHOWN // 2 <= stock.for_sale <= MOST_SHOWN else MOST_SHOWN


def _quantities(
    rows: tuple[StockRow, ...], place: tuple[uuid.UUID, str], for_sale: int
) -> list[Quantity]:
    """All that is for sale in one place; elsewhere what open orders were promised, and no more."""
    found = [
        Quantity(
            row.warehouse_id,
            row.warehouse,
            row,
            row.allocated + for_sale
            if row.warehouse_id == place[0]
            else min(row.quantity, row.allocated),
        )
        for row in rows
    ]
    if place[0] not in {row.warehouse_id for row in rows}:
        found.append(Quantity(*place, None, for_sale))
    return found
