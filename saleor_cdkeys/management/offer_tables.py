"""What `cdkeys_offers` prints."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from saleor_cdkeys.acquisition.dry_run import Ask, DryRun
from saleor_cdkeys.acquisition.purchasing.offers import Offer
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import Reason
from saleor_cdkeys.values import Money

_NOTHING = "–"


def offers(key_order: KeyOrder, run: DryRun) -> list[RenderableType]:
    """A key order, what each of its suppliers says, and what that comes to."""
    price = Money(key_order.unit_price_amount, key_order.currency)
    head = _("Order %(number)s: %(quantity)d × %(product)s, sold for %(price)s each") % {
        "number": key_order.order_number,
        "quantity": key_order.quantity,
        "product": key_order.product_name,
        "price": price,
    }
    parts: list[RenderableType] = [Text(head, style="bold")]
    if run.asks:
        parts.append(_table(run))
    parts.append(_sum(run))
    return parts


def _table(run: DryRun) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("supplier"), overflow="fold", max_width=16)
    table.add_column(_("product"), overflow="fold", max_width=16)
    for heading in (_("keys"), _("price"), _("cost"), _("margin")):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(_("remarks"), overflow="fold")
    for ask in run.asks:
        table.add_row(
            escape(ask.mapping.supplier.name),
            escape(ask.mapping.supplier_product_id),
            str(ask.quantity),
            *_amounts(ask.answer if isinstance(ask.answer, Offer) else None),
            escape(_why_not(ask)),
            style="green" if ask.quantity else "",
        )
    return table


def _amounts(offer: Offer | None) -> tuple[str, str, str]:
    """Price, cost and margin of one key."""
    if offer is None:
        return _NOTHING, _NOTHING, _NOTHING
    if offer.cost is None or offer.margin is None:
        return str(offer.quote.unit_price), _NOTHING, _NOTHING
    percent = "" if offer.margin_percent is None else f" ({offer.margin_percent:.1f} %)"
    return str(offer.quote.unit_price), str(offer.cost), f"{offer.margin}{percent}"


def _why_not(ask: Ask) -> str:
    if not isinstance(ask.answer, Offer):
        return ask.answer.message or str(Reason(ask.answer.reason).label)
    if not ask.quantity:
        return _("It is not needed.")
    return _("A pre-order.") if ask.answer.quote.is_preorder else ""


def _sum(run: DryRun) -> Text:
    values = {
        "wanted": run.wanted,
        "stock": run.from_stock,
        "bought": sum(ask.quantity for ask in run.asks),
        "cost": run.cost,
    }
    if run.cost is None:
        text = _("Wanted: %(wanted)d. From stock: %(stock)d. To be bought: %(bought)d.")
    else:
        text = _(
            "Wanted: %(wanted)d. From stock: %(stock)d. To be bought: %(bought)d, for %(cost)s."
        )
    if run.missing:
        rest = (_("Missing: %(missing)d.") % {"missing": run.missing}, "bold yellow")
    else:
        rest = (_("Nothing is missing."), "bold green")
    return Text.assemble(text % values, " ", rest)
