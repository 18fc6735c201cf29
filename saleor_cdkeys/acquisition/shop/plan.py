"""What the shop ought to show of a key product. Pure."""

from __future__ import annotations

import dataclasses

from saleor_cdkeys.acquisition.shop.costs import Circumstances
from saleor_cdkeys.acquisition.shop.facts import Facts
from saleor_cdkeys.acquisition.shop.pricing import PricePlan, plan_price
from saleor_cdkeys.acquisition.shop.quantities import StockPlan, plan_stock
from saleor_cdkeys.exchange.converting import NoRate
from saleor_cdkeys.statuses import PriceRule


@dataclasses.dataclass(frozen=True, slots=True)
class ShopPlan:
    """``prices`` is empty where no rule is set. ``stock`` is None where it does not follow.

    ``has_no_place``: it is to follow, but the variant or its warehouse is gone.
    """

    prices: tuple[PricePlan, ...]
    stock: StockPlan | None
    has_no_place: bool

    @property
    def is_change(self) -> bool:
        stock_changes = self.stock is not None and self.stock.is_change
        return stock_changes or any(price.is_change for price in self.prices)

    @property
    def no_rates(self) -> list[NoRate]:
        """The exchange rates that were missing."""
        found = [price.no_rate for price in self.prices if price.no_rate is not None]
        return found + list(self.stock.no_rates if self.stock is not None else ())


def plan(facts: Facts, around: Circumstances) -> ShopPlan:
    """Prices first: what may be bought hangs on what customers will pay."""
    has_rule = facts.product.price_rule != PriceRule.NONE
    prices = tuple(plan_price(facts, around, listing) for listing in facts.listings if has_rule)
    stock = None
    if facts.product.follows_stock:
        paid = [price.paid for price in prices]
        if not has_rule:
            paid = [listing.discounted for listing in facts.listings]
        stock = plan_stock(facts, around, paid)
    return ShopPlan(
        prices=prices,
        stock=stock,
        has_no_place=facts.product.follows_stock and stock is None,
    )
