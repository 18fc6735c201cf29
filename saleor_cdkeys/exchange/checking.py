"""What can be an exchange rate at all."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys.errors import InvalidInput

_CURRENCY = re.compile("[A-Z]{3}")
#: What the column holds: digits before and after the point.
_BELOW = Decimal(10) ** 10
_PLACES = 10
#: Somewhere on earth it may be tomorrow already.
_AHEAD = dt.timedelta(days=1)


def check_rate(*, base: str, currency: str, rate: Decimal, date: dt.date) -> None:
    """Raises InvalidInput (field ``base``, ``currency``, ``rate`` or ``date``)."""
    for field, code in (("base", base), ("currency", currency)):
        if not _CURRENCY.fullmatch(code):
            raise InvalidInput(_("A currency has three capital letters, such as EUR."), field=field)
    if base == currency:
        raise InvalidInput(_("The two currencies are the same."), field="currency")
    exponent = rate.normalize().as_tuple().exponent
    fits = isinstance(exponent, int) and exponent >= -_PLACES and 0 < rate < _BELOW
    if not fits:
        raise InvalidInput(
            _("A rate is greater than 0 and has at most %(places)d decimal places.")
            % {"places": _PLACES},
            field="rate",
        )
    if date > timezone.now().date() + _AHEAD:
        raise InvalidInput(_("The date lies in the future."), field="date")
