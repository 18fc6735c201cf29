"""Converting money by the newest rates there are, or saying why that cannot be done.

A rate that is too old is none: money is not spent on a guess.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Context, Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.models import ExchangeRate
from saleor_cdkeys.values import Money

#: Digits of a rate that was worked out of two others.
_PRECISE = Context(prec=16)


class NoRate(CdKeysError):
    """There is no rate between two currencies that is new enough; the text says what to do."""

    code = "no_exchange_rate"

    def __init__(self, message: str, *, pair: tuple[str, str]) -> None:
        super().__init__(message)
        self.pair = pair


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """One unit of ``currency_from`` is worth ``value`` of ``currency_to``, as of ``date``.

    ``date`` is None where the two are one currency.
    """

    currency_from: str
    currency_to: str
    value: Decimal
    date: dt.date | None

    def convert(self, money: Money) -> Money:
        """Exact; whoever stores or compares it rounds to the safe side."""
        if money.currency != self.currency_from:
            raise ValueError(f"{money.currency} is not {self.currency_from}")
        return Money(money.amount * self.value, self.currency_to)


def oldest_usable() -> dt.date:
    """The day before which a rate is too old."""
    days = int(conf.get("CDKEYS_RATE_MAX_AGE_DAYS"))
    return timezone.now().date() - dt.timedelta(days=days)


@dataclasses.dataclass(frozen=True, slots=True)
class Rates:
    """The newest rate of each pair as it was read, without those that are too old."""

    newest: Mapping[tuple[str, str], ExchangeRate]

    @classmethod
    def read(cls) -> Rates:
        """All that may be used: a few days' rows, however many there are."""
        rows = ExchangeRate.objects.filter(date__gte=oldest_usable()).order_by("date", "id")
        return cls(newest={(row.base, row.currency): row for row in rows})

    def rate(self, currency_from: str, currency_to: str) -> Rate:
        """How to convert. Raises NoRate where there is no rate, or only one that is too old.

        A rate of the pair itself is used first, then its inverse, then two rates that have a base
        in common.
        """
        if currency_from == currency_to:
            return Rate(currency_from, currency_to, Decimal(1), None)
        found = next(iter(self._candidates(currency_from, currency_to)), None)
        if found is None:
            raise NoRate(_why_not(currency_from, currency_to), pair=(currency_from, currency_to))
        return found

    def _candidates(self, currency_from: str, currency_to: str) -> Iterator[Rate]:
        direct = self.newest.get((currency_from, currency_to))
        if direct is not None:
            yield Rate(currency_from, currency_to, direct.rate, direct.date)
        inverse = self.newest.get((currency_to, currency_from))
        if inverse is not None:
            value = _PRECISE.divide(Decimal(1), inverse.rate)
            yield Rate(currency_from, currency_to, value, inverse.date)
        for base in sorted({base for base, _currency in self.newest}):
            one, other = (
                self.newest.get((base, currency)) for currency in (currency_from, currency_to)
            )
            if one is not None and other is not None:
                value = _PRECISE.divide(other.rate, one.rate)
                yield Rate(currency_from, currency_to, value, min(one.date, other.date))


def _why_not(currency_from: str, currency_to: str) -> str:
    names = {"from": currency_from, "to": currency_to}
    # One of the two is the one that lacks; its last day is what staff want to know.
    days = [
        ExchangeRate.objects.filter(Q(base=currency) | Q(currency=currency))
        .order_by("-date")
        .values_list("date", flat=True)
        .first()
        for currency in names.values()
    ]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return (
            _("There is no exchange rate between %(from)s and %(to)s. Set it with cdkeys_rates.")
            % names
        )
    return _(
        "The exchange rate between %(from)s and %(to)s is of %(date)s, which is too old. "
        "Update it with cdkeys_rates."
    ) % {**names, "date": min(known).isoformat()}
