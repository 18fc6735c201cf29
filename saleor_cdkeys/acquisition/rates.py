"""Exchange rates that come in, and the orders that wait for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from saleor_cdkeys.acquisition.resume import resume_for_rates
from saleor_cdkeys.exchange import updating
from saleor_cdkeys.exchange.reading import RateOfDay, read_rates


def take_in(rates: Sequence[RateOfDay], *, source: str) -> int:
    """Store rates, all or none, and look again at the orders that waited for one.

    ``source`` says where they come from. Returns how many. Raises InvalidInput.
    """
    count = updating.store(rates, source=source)
    resume_for_rates()
    return count


def take_in_file(content: bytes, *, name: str, base: str, date: dt.date | None = None) -> int:
    """The same for the content of a file. ``base`` and ``date`` (default: today) stand in for what
    a CSV file does not say. Raises InvalidInput (field ``file``)."""
    rates = read_rates(content, base=base, date=date or timezone.now().date())
    return take_in(rates, source=name)


def take_in_address(url: str, *, base: str) -> int:
    """The same for what an address gives. Raises InvalidInput (field ``url``, ``file``)."""
    count = updating.fetch(url, base=base)
    resume_for_rates()
    return count


def update_rates() -> int:
    """The same for the address of CDKEYS_RATES_URL, whenever it was asked last. Raises InvalidInput
    (field ``url``, ``file``)."""
    count = updating.fetch_now()
    resume_for_rates()
    return count


def fetch_rates() -> int:
    """The same for the address of CDKEYS_RATES_URL, if it was not asked for a while."""
    count = updating.fetch_when_due()
    if count:
        resume_for_rates()
    return count
