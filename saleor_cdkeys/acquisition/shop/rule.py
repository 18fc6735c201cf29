"""What a key product costs in a channel, by its rule. Pure.

Rounding goes up, so that it never costs margin, and the floor holds whatever else is said.
"""

from __future__ import annotations

import dataclasses
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.amounts import problem_of_amount, problem_of_currency
from saleor_cdkeys.acquisition.policy import RateBetween
from saleor_cdkeys.models import KeyProduct
from saleor_cdkeys.statuses import PriceRule
from saleor_cdkeys.values import Money

#: Decimal places of Saleor's columns of money.
_HOST_PLACES = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Pricing:
    """A key product's rule. ``value`` is a percent or an amount, as ``rule`` says.

    ``currency`` is that of the amount, of ``floor`` and ``ceiling``. ``ending``: the decimals that
    a price is rounded up to, from 0 to 0.99, or None.
    """

    rule: PriceRule = PriceRule.NONE
    value: Decimal | None = None
    currency: str = ""
    ending: Decimal | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    @classmethod
    def of(cls, product: KeyProduct) -> Pricing:
        return cls(
            rule=PriceRule(product.price_rule),
            value=product.price_value,
            currency=product.price_currency,
            ending=product.price_ending,
            floor=product.price_floor_amount,
            ceiling=product.price_ceiling_amount,
        )

    @property
    def needs_cost(self) -> bool:
        return self.rule in (PriceRule.MARGIN_PERCENT, PriceRule.MARGIN_AMOUNT)


def price_in(
    currency: str, *, pricing: Pricing, cost: Money | None, rate_between: RateBetween
) -> Money:
    """The price in ``currency``; ``cost`` of one key is in it, too, and given where it is needed.

    Raises NoRate where the rule's own amounts cannot be converted.
    """
    amount = _by_rule(currency, pricing, cost, rate_between)
    floor = _converted(pricing.floor, pricing, currency, rate_between)
    ceiling = _converted(pricing.ceiling, pricing, currency, rate_between)
    unit = Decimal(1).scaleb(-places_of(currency))
    price = _rounded_up(max(amount, floor or Decimal(0)), pricing.ending, unit)
    if ceiling is not None:
        price = min(price, ceiling.quantize(unit, rounding=ROUND_FLOOR))
    if floor is not None:
        price = max(price, floor.quantize(unit, rounding=ROUND_CEILING))
    return Money(price, currency)


def places_of(currency: str) -> int:
    """Decimal places that Saleor takes in a price of that currency."""
    return min(get_currency_precision(currency), _HOST_PLACES)


def _by_rule(
    currency: str, pricing: Pricing, cost: Money | None, rate_between: RateBetween
) -> Decimal:
    if pricing.rule == PriceRule.MARGIN_PERCENT:
        assert cost is not None
        assert pricing.value is not None
        return cost.amount * 100 / (100 - pricing.value)
    own = _converted(pricing.value, pricing, currency, rate_between)
    assert own is not None
    if pricing.rule == PriceRule.FIXED:
        return own
    assert cost is not None
    return cost.amount + own


def _converted(
    amount: Decimal | None, pricing: Pricing, currency: str, rate_between: RateBetween
) -> Decimal | None:
    if amount is None:
        return None
    money = Money(amount, pricing.currency)
    return rate_between(pricing.currency, currency).convert(money).amount


def _rounded_up(amount: Decimal, ending: Decimal | None, unit: Decimal) -> Decimal:
    # A currency without decimals has no price that ends in .99.
    if ending is None or ending != ending.quantize(unit):
        return amount.quantize(unit, rounding=ROUND_CEILING)
    whole = amount.to_integral_value(rounding=ROUND_FLOOR)
    price = whole + ending
    return (price if price >= amount else price + 1).quantize(unit)


def problem_of(pricing: Pricing) -> str | None:
    """What is wrong with a rule, or None."""
    if pricing.rule not in PriceRule.values:
        return _("Choose one of: %(choices)s.") % {"choices": ", ".join(PriceRule.values)}
    return (
        _problem_of_value(pricing)
        or _problem_of_ending(pricing.ending)
        or _problem_of_limits(pricing)
        or _problem_of_currency(pricing)
    )


def _problem_of_value(pricing: Pricing) -> str | None:
    value = pricing.value
    if pricing.rule == PriceRule.NONE:
        return None
    if value is None:
        return _("Enter the price or the margin.")
    if pricing.rule == PriceRule.MARGIN_PERCENT:
        if 0 <= value < 100 and value == round(value, 2):
            return None
        return _("Enter a percentage from 0 to 99.99.")
    if pricing.rule == PriceRule.FIXED and value == 0:
        return _("A price is more than zero.")
    return problem_of_amount(value)


def _problem_of_ending(ending: Decimal | None) -> str | None:
    if ending is None or (0 <= ending < 1 and ending == round(ending, 2)):
        return None
    return _("Prices may end in 0.00 to 0.99.")


def _problem_of_limits(pricing: Pricing) -> str | None:
    for limit in (pricing.floor, pricing.ceiling):
        problem = None if limit is None else problem_of_amount(limit)
        if problem:
            return problem
    if pricing.ceiling == 0:
        return _("A price is more than zero.")
    floor, ceiling = pricing.floor, pricing.ceiling
    if floor is not None and ceiling is not None and floor > ceiling:
        return _("The lowest price is above the highest.")
    return None


def _problem_of_currency(pricing: Pricing) -> str | None:
    amounts = (
        pricing.floor,
        pricing.ceiling,
        pricing.value if pricing.rule in (PriceRule.FIXED, PriceRule.MARGIN_AMOUNT) else None,
    )
    if pricing.currency or any(amount is not None for amount in amounts):
        return problem_of_currency(pricing.currency)
    return None
