"""What a supplier says about a product, put into the columns of a mapping. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from decimal import Decimal
from typing import Self

from saleor_cdkeys.exchange.converting import NoRate, Rates
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.statuses import MappingFlag
from saleor_cdkeys.suppliers.base import CatalogueProduct
from saleor_cdkeys.values import Money

#: What a column of available keys holds; suppliers use such numbers for "plenty".
_PLENTY = 2**31 - 1
_REGION_LENGTH = 255
_COUNTRY = re.compile("[A-Z]{2}")


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What was known of a product before; ``is_known`` is False where that was nothing."""

    is_known: bool
    available: int | None
    is_preorder: bool
    release_date: dt.date | None
    flag: str
    price_amount: Decimal | None
    price_currency: str

    @classmethod
    def by(cls, mapping: SupplierMapping) -> Self:
        return cls(
            is_known=mapping.seen_at is not None,
            available=mapping.available,
            is_preorder=mapping.is_preorder,
            release_date=mapping.release_date,
            flag=mapping.flag,
            price_amount=mapping.price_amount,
            price_currency=mapping.price_currency,
        )


def take(mapping: SupplierMapping, product: CatalogueProduct, *, at: dt.datetime) -> None:
    """Put what was said ``at`` that moment into the mapping's columns."""
    mapping.price_amount = None if product.price is None else round(product.price.amount, 4)
    mapping.price_currency = "" if product.price is None else product.price.currency
    mapping.available = (
        None if product.available is None else min(max(product.available, 0), _PLENTY)
    )
    mapping.is_preorder = product.is_preorder
    mapping.release_date = product.release_date
    mapping.region = product.region[:_REGION_LENGTH]
    mapping.blocked_countries = ",".join(
        sorted(country for country in product.blocked_countries if _COUNTRY.fullmatch(country))
    )
    mapping.seen_at = at
    if mapping.agreed is None:
        mapping.agreed = as_it_is(mapping)
    elif not mapping.is_preorder:
        # That it came out is no surprise; that it would be a pre-order again is one.
        mapping.agreed = {**mapping.agreed, "is_preorder": False}


def take_unsold(mapping: SupplierMapping, *, at: dt.datetime) -> None:
    """The supplier does not sell the product, or know it: nothing is to be had, the rest stays."""
    mapping.available = 0
    mapping.seen_at = at


def as_it_is(mapping: SupplierMapping) -> dict[str, object]:
    """What ``agreed`` holds where staff are content with the product as it is now."""
    return {
        "region": mapping.region,
        "blocked_countries": mapping.blocked_countries,
        "is_preorder": mapping.is_preorder,
    }


def forget(mapping: SupplierMapping, *, now: dt.datetime) -> None:
    """The mapping leads to another product now: nothing is known of that, so ask at once."""
    mapping.price_amount, mapping.price_currency = None, ""
    mapping.available, mapping.release_date = None, None
    mapping.is_preorder = False
    mapping.region = mapping.blocked_countries = ""
    mapping.agreed = mapping.seen_at = None
    mapping.refresh_at = now
    put_flag(mapping, MappingFlag.NONE, now=now)


def flag_of(mapping: SupplierMapping, *, rates: Rates) -> MappingFlag:
    """What is odd about a product that the supplier has, as far as the columns tell."""
    agreed = mapping.agreed or as_it_is(mapping)
    if mapping.is_preorder and not agreed["is_preorder"]:
        return MappingFlag.BECAME_PREORDER
    if (mapping.region, mapping.blocked_countries) != (
        agreed["region"],
        agreed["blocked_countries"],
    ):
        return MappingFlag.REGION_CHANGED
    return MappingFlag.ABOVE_GUARD if _is_above_guard(mapping, rates) else MappingFlag.NONE


def put_flag(mapping: SupplierMapping, flag: MappingFlag, *, now: dt.datetime) -> None:
    """Flag the mapping; since when is kept where the flag stays the same."""
    if mapping.flag != flag:
        mapping.flag = flag
        mapping.flagged_at = now if flag else None


def is_moved(before: Said, after: SupplierMapping) -> bool:
    """Whether the release is another one than was known: another day, or it came out."""
    release = before.is_preorder, before.release_date
    return before.is_known and release != (after.is_preorder, after.release_date)


def is_better(before: Said, after: SupplierMapping) -> bool:
    """Whether what could not be bought before may be bought now, as far as that shows.

    The margin is against what each customer paid, so any lower price may be the one.
    """
    if not before.is_known or not after.is_active or after.available == 0:
        return False
    if after.flag in (MappingFlag.VANISHED, MappingFlag.ABOVE_GUARD):
        return False
    is_back = before.available == 0 or before.flag == MappingFlag.ABOVE_GUARD
    is_released = before.is_preorder and not after.is_preorder
    return is_back or is_released or _is_cheaper(before, after)


def _is_cheaper(before: Said, after: SupplierMapping) -> bool:
    if before.price_amount is None or after.price_amount is None:
        return False
    return (
        before.price_currency == after.price_currency and after.price_amount < before.price_amount
    )


def _is_above_guard(mapping: SupplierMapping, rates: Rates) -> bool:
    """Where the two cannot be compared nothing is said; buying alerts a missing rate."""
    most = mapping.key_product.max_unit_cost_amount
    if most is None or mapping.price_amount is None:
        return False
    price = Money(mapping.price_amount, mapping.price_currency)
    try:
        rate = rates.rate(mapping.key_product.max_unit_cost_currency, price.currency)
    except NoRate:
        return False
    return price.amount > rate.convert(Money(most, rate.currency_from)).amount
