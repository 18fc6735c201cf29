"""The price guard: what may be paid for a key that a customer has paid for already. Pure.

There are no exchange rates: amounts in two currencies are never compared, and where that would be
needed nothing is bought.
"""

from __future__ import annotations

import dataclasses
from decimal import ROUND_FLOOR, Decimal

from saleor_cdkeys.models import KeyProduct
from saleor_cdkeys.statuses import Reason
from saleor_cdkeys.values import Money

#: What the columns of money hold. Rounding goes down, so that it never allows more than the rule.
_PLACES = Decimal("0.0001")


@dataclasses.dataclass(frozen=True, slots=True)
class PriceGuard:
    """A key product's rules. The margins are against what the customer paid, in its currency."""

    max_unit_cost: Money | None = None
    min_margin_percent: Decimal | None = None
    min_margin_amount: Decimal | None = None

    @classmethod
    def of(cls, product: KeyProduct) -> PriceGuard:
        cost = product.max_unit_cost_amount
        return cls(
            max_unit_cost=None if cost is None else Money(cost, product.max_unit_cost_currency),
            min_margin_percent=product.min_margin_percent,
            min_margin_amount=product.min_margin_amount,
        )

    @property
    def has_margin(self) -> bool:
        return self.min_margin_percent is not None or self.min_margin_amount is not None


def highest_unit_price(
    *, guard: PriceGuard, customer_price: Money, currency: str
) -> Money | Reason:
    """The most that may be paid for one key, in ``currency``, in which the supplier quotes.

    The lowest of the rules that are set decides; a highest cost alone may be above what the
    customer paid, because somebody wanted it so. Without any rule no key is bought for more than
    the customer paid for it. CURRENCY_MISMATCH where a rule that applies is in another currency
    than the quote: then nobody can say whether money would be lost.
    """
    limits: list[Decimal] = []
    if guard.max_unit_cost is not None:
        if guard.max_unit_cost.currency != currency:
            return Reason.CURRENCY_MISMATCH
        limits.append(guard.max_unit_cost.amount)
    if guard.has_margin or not limits:
        if customer_price.currency != currency:
            return Reason.CURRENCY_MISMATCH
        limits.append(_with_margin(guard, customer_price.amount))
    return Money(min(limits).quantize(_PLACES, rounding=ROUND_FLOOR), currency)


def _with_margin(guard: PriceGuard, price: Decimal) -> Decimal:
    percent = guard.min_margin_percent or Decimal(0)
    amount = guard.min_margin_amount or Decimal(0)
    return min(price - price * percent / 100, price - amount)
