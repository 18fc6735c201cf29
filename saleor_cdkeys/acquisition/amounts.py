"""Checking amounts that people type, before the database refuses them with less tact."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

#: Digits before and after the decimal point of a column of money.
_WHOLE_DIGITS = 16
_PLACES = 4
_CURRENCY = re.compile("[A-Z]{3}")


def problem_of_amount(amount: Decimal) -> str | None:
    """What is wrong with an amount, or None."""
    if not amount.is_finite() or amount < 0:
        return _("Enter an amount of zero or more.")
    exponent = amount.normalize().as_tuple().exponent
    if (isinstance(exponent, int) and exponent < -_PLACES) or amount >= 10**_WHOLE_DIGITS:
        return _("Enter an amount with at most %(places)d decimal places.") % {"places": _PLACES}
    return None


def problem_of_currency(currency: str) -> str | None:
    """What is wrong with a currency, or None."""
    if _CURRENCY.fullmatch(currency):
        return None
    return _("A currency has three capital letters, such as EUR.")
