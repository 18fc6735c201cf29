"""What `cdkeys_rates` prints."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from rich import box
from rich.markup import escape
from rich.table import Table

from saleor_cdkeys.exchange.converting import oldest_usable
from saleor_cdkeys.models import ExchangeRate


def rates(found: Sequence[ExchangeRate]) -> Table:
    """The rates, those that are too old marked."""
    oldest = oldest_usable()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("one unit of"))
    table.add_column(_("is worth"), justify="right")
    table.add_column("")
    table.add_column(_("of"))
    table.add_column(_("source"))
    table.add_column("")
    for rate in found:
        is_too_old = rate.date < oldest
        table.add_row(
            rate.base,
            f"{rate.rate.normalize():f}",
            rate.currency,
            rate.date.isoformat(),
            escape(rate.source),
            _("too old") if is_too_old else "",
            style="yellow" if is_too_old else "",
        )
    return table


def count_too_old(found: Sequence[ExchangeRate]) -> int:
    """How many of them nothing is bought by any more."""
    oldest = oldest_usable()
    return sum(rate.date < oldest for rate in found)
