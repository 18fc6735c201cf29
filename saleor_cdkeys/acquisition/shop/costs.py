"""Who would sell the next key of a product, and what it costs. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.policy import PriceGuard, RateBetween
from saleor_cdkeys.acquisition.shop.facts import Facts
from saleor_cdkeys.exchange.converting import Rate
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.statuses import MappingFlag, Source, SupplierChoice
from saleor_cdkeys.values import Money

_FROM_SUPPLIERS = (Source.SUPPLIERS, Source.STOCK_THEN_SUPPLIERS)


@dataclasses.dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for all products at this moment.

    ``rate_between`` raises NoRate. ``seen_since``: what a supplier said before that counts for
    nothing. ``unsaid``: how many keys one counts for that does not say how many it has.
    ``warehouse``: id and slug of the one whose stock is kept, where one was chosen; ``warehouses``:
    what each channel sells from, by channel id.
    """

    rate_between: RateBetween
    seen_since: dt.datetime
    unsaid: int
    warehouse: tuple[uuid.UUID, str] | None
    warehouses: dict[int, tuple[uuid.UUID, str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Cost:
    """What the next key costs, in whose currency, how that was converted, and who says so."""

    money: Money
    rate: Rate
    reason: str

    @property
    def converted(self) -> Money:
        return self.rate.convert(self.money)


def next_cost(facts: Facts, around: Circumstances, *, currency: str) -> Cost | None:
    """What the next key costs, for a price in ``currency``; None where nobody can say.

    That is what the supplier asks that would sell it, or what the next key in stock cost where
    that is more: no key is priced below what was paid for it. Raises NoRate.
    """
    offers = [_offer(mapping, around, currency) for mapping in sellers(facts, around)]
    if facts.product.supplier_choice == SupplierChoice.CHEAPEST:
        offers.sort(key=lambda offer: offer.converted.amount)
    costs = offers[:1]
    own = facts.next_cost
    if own is not None:
        rate = around.rate_between(own.currency, currency)
        reason = _("The next key in stock cost %(cost)s.") % {"cost": own}
        costs.append(Cost(own, rate, reason))
    return max(costs, key=lambda cost: cost.converted.amount, default=None)


def _offer(mapping: SupplierMapping, around: Circumstances, currency: str) -> Cost:
    price = price_at(mapping)
    return Cost(
        price,
        around.rate_between(price.currency, currency),
        _("%(supplier)s asks %(cost)s.") % {"supplier": mapping.supplier.name, "cost": price},
    )


def sellers(facts: Facts, around: Circumstances) -> list[SupplierMapping]:
    """The mappings at which a key may be bought, as far as that does not hang on the customer.

    In their order. Raises NoRate where the highest cost cannot be compared.
    """
    if facts.product.source not in _FROM_SUPPLIERS:
        return []
    found = [mapping for mapping in facts.mappings if _sells(mapping, facts, around)]
    limit = PriceGuard.of(facts.product).max_unit_cost
    if limit is None:
        return found
    return [
        mapping
        for mapping in found
        if price_at(mapping)
        <= around.rate_between(limit.currency, mapping.price_currency).convert(limit)
    ]


def _sells(mapping: SupplierMapping, facts: Facts, around: Circumstances) -> bool:
    product = facts.product
    is_known = mapping.seen_at is not None and mapping.seen_at >= around.seen_since
    return (
        is_known
        and bool(mapping.price_amount and mapping.price_currency)
        and not mapping.supplier.pause_reason
        and (not mapping.is_preorder or product.allow_preorder)
        and mapping.flag != MappingFlag.VANISHED
        and facts.left_at(mapping) != 0
    )


def price_at(mapping: SupplierMapping) -> Money:
    """What the supplier asked last, where it said."""
    assert mapping.price_amount is not None
    return Money(mapping.price_amount, mapping.price_currency)
