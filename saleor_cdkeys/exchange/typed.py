"""Exchange rates that people type, before they are stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.checking import check_rate
from saleor_cdkeys.exchange.reading import RateOfDay


def typed_rates(
    given: Iterable[tuple[str, Decimal]], *, base: str, date: dt.date
) -> list[RateOfDay]:
    """One unit of ``base`` is worth so much of each currency on that day.

    Raises InvalidInput: field ``base`` or ``date``, or ``rates`` with the currency that is wrong,
    that stands there twice, or where none is given.
    """
    base = base.strip().upper()
    found: dict[str, RateOfDay] = {}
    for currency, value in given:
        rate = RateOfDay(base=base, currency=currency.strip().upper(), rate=value, date=date)
        if rate.currency in found:
            raise InvalidInput(
                _("%(name)s stands there twice.") % {"name": rate.currency}, field="rates"
            )
        _check(rate)
        found[rate.currency] = rate
    if not found:
        raise InvalidInput(_("Give at least one rate."), field="rates", code="required")
    return list(found.values())


def _check(rate: RateOfDay) -> None:
    try:
        check_rate(base=rate.base, currency=rate.currency, rate=rate.rate, date=rate.date)
    except InvalidInput as error:
        if error.field in ("base", "date"):
            raise
        raise InvalidInput(f"{rate.currency}: {error}", field="rates") from None
