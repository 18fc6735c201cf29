"""What `cdkeys_prices` prints."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from rich import box
from rich.markup import escape
from rich.table import Table

from saleor_cdkeys.acquisition.shop.plan import ShopPlan
from saleor_cdkeys.models import KeyProduct


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A price or stock; ``old`` and ``new`` differ where it changes."""

    sku: str
    place: str
    old: str
    new: str
    reason: str

    @property
    def is_change(self) -> bool:
        return self.old != self.new


def lines(product: KeyProduct, plan: ShopPlan) -> Iterator[Line]:
    """The prices of each channel, and how many customers can buy."""
    name = product.sku or str(product)
    for price in plan.prices:
        old = str(price.listing.price)
        new = old if price.new is None else str(price.new)
        yield Line(name, price.listing.channel, old, new, price.reason)
    if plan.stock is not None:
        was = sum(max(quantity.was_for_sale, 0) for quantity in plan.stock.quantities)
        yield Line(name, _("stock"), str(was), str(plan.stock.for_sale), plan.stock.reason)
    elif plan.has_no_place:
        yield Line(name, _("stock"), "–", "–", _("No warehouse can have it."))


def table(shown: Iterable[Line]) -> Table:
    made = Table(box=box.SIMPLE_HEAD)
    for heading in ("SKU", _("where")):
        made.add_column(heading)
    for heading in (_("now"), _("then")):
        made.add_column(heading, justify="right")
    made.add_column(_("why"))
    for line in shown:
        then = line.new if line.is_change else "="
        made.add_row(escape(line.sku), escape(line.place), line.old, then, escape(line.reason))
    return made
