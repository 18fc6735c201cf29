"""What a supplier's quote is worth for a key order: an offer that may be taken, or why not.

Buying and the dry run decide by the same function.
"""

from __future__ import annotations

import dataclasses
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.countries import read_countries
from saleor_cdkeys.acquisition.policy import PriceGuard, highest_unit_price
from saleor_cdkeys.acquisition.purchasing import noes
from saleor_cdkeys.acquisition.purchasing.noes import No
from saleor_cdkeys.alerts import raise_alert
from saleor_cdkeys.exchange.converting import NoRate, Rate, Rates
from saleor_cdkeys.exchange.updating import pair_subject
from saleor_cdkeys.models import KeyOrder, SupplierMapping
from saleor_cdkeys.statuses import AlertKind, Reason
from saleor_cdkeys.suppliers.base import Quote
from saleor_cdkeys.values import Money

_PLACES = Decimal("0.0001")
_PERCENT = Decimal("0.01")


@dataclasses.dataclass(frozen=True, slots=True)
class Buyer:
    """For whom is bought: the key order, the customer's country (ISO 3166-1, or empty), the rates
    of this moment."""

    key_order: KeyOrder
    country: str
    rates: Rates

    @property
    def price(self) -> Money:
        """What the customer paid for one key."""
        return Money(self.key_order.unit_price_amount, self.key_order.currency)


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A quote within the guard. ``highest`` is the most that may be paid for one key there.

    ``rate`` leads from the currency of the quote to that of the order; it is None where the
    guard needs no comparison with the order's currency and none is known. ``cost`` is the quote in
    the order's currency, rounded up.
    """

    mapping: SupplierMapping
    quote: Quote
    quantity: int
    highest: Money
    rate: Rate | None
    cost: Money | None
    margin: Money | None

    @property
    def margin_percent(self) -> Decimal | None:
        """Of what the customer paid; None where that was nothing."""
        if self.margin is None or self.cost is None:
            return None
        price = self.margin.amount + self.cost.amount
        if not price:
            return None
        return (self.margin.amount * 100 / price).quantize(_PERCENT, rounding=ROUND_HALF_UP)


def weigh(
    *, buyer: Buyer, mapping: SupplierMapping, quote: Quote, wanted: int, takes_quantity: bool
) -> Offer | No:
    """Whether a quote may be taken for ``wanted`` keys, and for how many.

    A missing exchange rate is alerted, by the pair of currencies.
    """
    name = mapping.supplier.name
    elsewhere = _elsewhere(buyer.country, mapping, quote)
    if elsewhere is not None:
        return elsewhere
    if quote.is_preorder and not buyer.key_order.key_product.allow_preorder:
        return noes.not_released(name, quote.release_date)
    if quote.available is not None and quote.available < 1:
        return No(Reason.OUT_OF_STOCK)
    currency = quote.unit_price.currency
    try:
        highest = highest_unit_price(
            guard=PriceGuard.of(buyer.key_order.key_product),
            customer_price=buyer.price,
            currency=currency,
            rate_between=buyer.rates.rate,
        )
    except NoRate as error:
        raise_alert(
            kind=AlertKind.EXCHANGE_RATE, subject=pair_subject(*error.pair), message=str(error)
        )
        return No(Reason.CURRENCY_MISMATCH, f"{name}: {error}")
    if not quote.unit_price <= highest:
        return No(
            Reason.PRICE_ABOVE_GUARD,
            _("%(supplier)s asks %(price)s, at most %(highest)s is allowed.")
            % {"supplier": name, "price": quote.unit_price, "highest": highest},
        )
    rate = _rate(buyer, currency)
    cost = None if rate is None else _rounded_up(rate.convert(quote.unit_price))
    return Offer(
        mapping=mapping,
        quote=quote,
        quantity=min(wanted, quote.available or wanted) if takes_quantity else 1,
        highest=highest,
        rate=rate,
        cost=cost,
        margin=None if cost is None else buyer.price - cost,
    )


def _elsewhere(country: str, mapping: SupplierMapping, quote: Quote) -> No | None:
    """Why the product is not for the customer's country. An unknown one may be any."""
    allowed = read_countries(mapping.countries)
    if not (allowed or quote.blocked_countries):
        return None
    values = {"supplier": mapping.supplier.name, "country": country}
    if not country:
        text = _(
            "%(supplier)s: the product is not for every country, and that of the order is not "
            "known. Set the order's billing or shipping address."
        )
    elif country in quote.blocked_countries:
        text = _("%(supplier)s: the product cannot be activated in %(country)s.")
    elif allowed and country not in allowed:
        text = _("%(supplier)s: the mapping does not allow %(country)s.")
    else:
        return None
    return No(Reason.OUT_OF_STOCK, text % values)


def _rate(buyer: Buyer, currency: str) -> Rate | None:
    try:
        return buyer.rates.rate(currency, buyer.price.currency)
    except NoRate:
        return None


def _rounded_up(money: Money) -> Money:
    return Money(money.amount.quantize(_PLACES, rounding=ROUND_CEILING), money.currency)
