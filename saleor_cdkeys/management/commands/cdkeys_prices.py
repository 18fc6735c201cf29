"""Prices and stock in the shop: what would change, and changing it now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.shop.sync import followed, previews, sync_product
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management import shop_tables
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.terminal import render
from saleor_cdkeys.models import KeyProduct


class Command(CdKeysCommand):
    help = _(
        "Show or make the changes of price and stock in the shop that are due for the key products "
        "that follow. Workers make them by themselves; this is for looking first, or not waiting."
    )
    examples = """
  manage.py cdkeys_prices --preview
  manage.py cdkeys_prices --preview --sku GAME-1
  manage.py cdkeys_prices --apply
  manage.py cdkeys_prices --apply --sku GAME-1 --sku GAME-2
"""

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--preview", action="store_true", help=_("show what would change, and change nothing")
        )
        which.add_argument("--apply", action="store_true", help=_("make the changes"))
        parser.add_argument(
            "--sku",
            action="append",
            metavar="SKU",
            help=_("only this key product; may be given several times (default: all that follow)"),
        )

    @allow_writer()
    def handle(self, *, apply: bool, sku: list[str] | None, **options: Any) -> None:
        lines: list[shop_tables.Line] = []
        for product, plan in previews(_chosen(sku)):
            found = list(shop_tables.lines(product, plan))
            if apply and plan.is_change:
                found = self._apply(product)
            lines += found
        if lines:
            self.stdout.write(render(shop_tables.table(lines), in_color=self.stdout.isatty()))
        count = sum(line.is_change for line in lines)
        said = _("%(count)d changes made.") if apply else _("%(count)d changes are due.")
        self.stdout.write(said % {"count": count})

    def _apply(self, product: KeyProduct) -> list[shop_tables.Line]:
        try:
            plan = sync_product(key_product_id=product.pk)
        except InvalidInput as error:
            # The worker that is at it decides it anew.
            self.stderr.write(f"{product}: {error}")
            return []
        return list(shop_tables.lines(product, plan))


def _chosen(skus: list[str] | None) -> list[KeyProduct]:
    """Those that follow, of these SKUs or all. Raises CommandError for a SKU that has none."""
    products = followed().order_by("pk")
    if skus is None:
        return list(products)
    found = list(products.filter(sku__in=skus))
    missing = sorted(set(skus) - {product.sku for product in found})
    if missing:
        raise CommandError(_("Nothing follows of: %(skus)s.") % {"skus": ", ".join(missing)})
    return found
