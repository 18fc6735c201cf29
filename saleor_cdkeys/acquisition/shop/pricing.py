"""What a key product ought to cost in a channel, and why. Pure.

The price stays as it is where that cannot be told: nobody sells at this moment, or an exchange rate
is missing or too old.
"""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.shop.costs import Circumstances, Cost, next_cost
from saleor_cdkeys.acquisition.shop.facts import Facts
from saleor_cdkeys.acquisition.shop.rule import Pricing, price_in
from saleor_cdkeys.exchange.converting import NoRate
from saleor_cdkeys.host.prices import Listing
from saleor_cdkeys.values import Money


@dataclasses.dataclass(frozen=True, slots=True)
class PricePlan:
    """The price in one channel. ``new`` is None where it stays, because it cannot be told."""

    listing: Listing
    new: Money | None
    reason: str
    cost: Cost | None = None
    no_rate: NoRate | None = None

    @property
    def is_change(self) -> bool:
        return self.new is not None and self.new.amount != self.listing.price.amount

    @property
    def paid(self) -> Money:
        """What a customer pays then: the new price, or that of today with its discount."""
        return self.new if self.new is not None and self.is_change else self.listing.discounted


def plan_price(facts: Facts, around: Circumstances, listing: Listing) -> PricePlan:
    """The price of a product that has a rule, in the channel of ``listing``."""
    if not facts.product.is_active:
        return PricePlan(listing, None, _("The key product is switched off."))
    pricing = Pricing.of(facts.product)
    currency = listing.price.currency
    cost: Cost | None = None
    try:
        if pricing.needs_cost:
            cost = next_cost(facts, around, currency=currency)
            if cost is None:
                return PricePlan(listing, None, _("Nobody sells a key whose cost is known."))
        price = price_in(
            currency,
            pricing=pricing,
            cost=None if cost is None else cost.converted,
            rate_between=around.rate_between,
        )
    except NoRate as error:
        return PricePlan(listing, None, str(error), no_rate=error)
    return PricePlan(listing, price, cost.reason if cost else _("A fixed price."), cost)
