"""The price guard: what may be paid for a key that a customer has paid for already. Pure.

Amounts in two currencies are compared by an exchange rate that is new enough; where there is none,
nothing is bought.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal

from saleor_cdkeys.exchange.converting import Rate
from saleor_cdkeys.models import KeyProduct
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


#: The rate from one currency to another. Raises NoRate.
RateBetween = Callable[[str, str], Rate]


def highest_unit_price(
    *, guard: PriceGuard, customer_price: Money, currency: str, rate_between: RateBetween
) -> Money:
    """The most that may be paid for one key, in ``currency``, in which the supplier quotes.

    The lowest of the rules that are set decides; a highest cost alone may be above what the
    customer paid, because somebody wanted it so. Without any rule no key is bought for more than
    the customer paid for it. Raises NoRate where a rule that applies cannot be compared with the
    quote: then nobody can say whether money would be lost.
    """
    limits: list[Decimal] = []
    if guard.max_unit_cost is not None:
        limits.append(_in(currency, guard.max_unit_cost, rate_between))
    if guard.has_margin or not limits:
        highest = Money(_with_margin(guard, customer_price.amount), customer_price.currency)
        limits.append(_in(currency, highest, rate_between))
    return Money(min(limits).quantize(_PLACES, rounding=ROUND_FLOOR), currency)


def _in(currency: str, money: Money, rate_between: RateBetween) -> Decimal:
    return rate_between(money.currency, currency).convert(money).amount


def _with_margin(guard: PriceGuard, price: Decimal) -> Decimal:
    percent = guard.min_margin_percent or Decimal(0)
    amount = guard.min_margin_amount or Decimal(0)
    return min(price - price * percent / 100, price - amount)
