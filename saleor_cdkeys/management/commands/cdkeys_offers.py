"""What would be bought for an order at this moment, and why not elsewhere."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.dry_run import dry_run
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management import offer_tables
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.terminal import render
from saleor_cdkeys.models import KeyOrder

_GLOBAL_ID = re.compile(r"CdKeyOrder:(\d{1,18})")


class Command(CdKeysCommand):
    help = _(
        "Ask the suppliers of an order for their prices, and say what would be bought where, at "
        "what cost and margin, and why not elsewhere. Nothing is bought or reserved."
    )
    examples = """
  manage.py cdkeys_offers 1042
  manage.py cdkeys_offers Q2RLZXlPcmRlcjo3          a key order, by its id in the API
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "order",
            metavar="KEY_ORDER_NUMBER_OR_ID",
            help=_("the number of the order in Saleor, or the id of a key order in the API"),
        )

    @allow_writer()
    def handle(self, *, order: str, **options: Any) -> None:
        key_orders = _find(order.strip().removeprefix("#"))
        if not key_orders:
            raise CommandError(_("There is no key order of %(order)s.") % {"order": order})
        for number, key_order in enumerate(key_orders):
            if number:
                self.stdout.write("")
            run = dry_run(key_order_id=key_order.pk)
            parts = offer_tables.offers(key_order, run)
            self.stdout.write(render(*parts, in_color=self.stdout.isatty()))


def _find(order: str) -> list[KeyOrder]:
    rows = KeyOrder.objects.select_related("key_product").order_by("id")
    found = _GLOBAL_ID.fullmatch(_decoded(order))
    if found is not None:
        return list(rows.filter(pk=int(found[1])))
    return list(rows.filter(order_number=order))


def _decoded(text: str) -> str:
    """What an id of the API stands for; empty where it is none."""
    try:
        return base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
