"""Exchange rates: taking them in, and saying which are too old."""

from __future__ import annotations

import argparse
import datetime as dt
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.acquisition import rates
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.newest import newest_rates
from saleor_cdkeys.exchange.typed import typed_rates
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management import rate_tables
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.terminal import render


class Command(CdKeysCommand):
    help = _(
        "Take in exchange rates, all or none, and show the newest of each pair. One of the same "
        "day is replaced, and orders that waited for a rate are looked at again. Without options: "
        "show them only."
    )
    examples = """
  manage.py cdkeys_rates                            shows the rates, and which are too old
  manage.py cdkeys_rates --file eurofxref-daily.xml
  manage.py cdkeys_rates --url https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml
  manage.py cdkeys_rates --update                   asks the address of CDKEYS_RATES_URL now
  manage.py cdkeys_rates --set USD=1.0843 --set PLN=4.25
  manage.py cdkeys_rates --set EUR=0.9223 --base USD --date 2026-11-24
"""

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "--file",
            help=_("the ECB's daily file, or CSV with the columns currency and rate"),
        )
        source.add_argument("--url", help=_("an address that gives such a file"))
        source.add_argument(
            "--update",
            action="store_true",
            help=_("ask the address of CDKEYS_RATES_URL now, also if it is left alone for a while"),
        )
        source.add_argument(
            "--set",
            dest="typed",
            action="append",
            type=_pair,
            metavar="CURRENCY=RATE",
            help=_("one unit of the base is worth so much; may be repeated"),
        )
        source.add_argument(
            "--list", action="store_true", help=_("show the newest rate of each pair (default)")
        )
        parser.add_argument(
            "--base",
            default="EUR",
            metavar="CURRENCY",
            help=_("the base of --set, and of a CSV file that names none (default: EUR)"),
        )
        parser.add_argument(
            "--date",
            type=_date,
            metavar="YYYY-MM-DD",
            help=_("the day of --set, and of a CSV file that names none (default: today)"),
        )

    @allow_writer()
    def handle(
        self, *, file: str | None, url: str | None, typed: Any, base: str, **options: Any
    ) -> None:
        base, date = base.upper(), options["date"] or timezone.now().date()
        try:
            if file is not None:
                self._tell(_take_in_file(file, base, date))
            elif url is not None:
                self._tell(rates.take_in_address(url, base=base))
            elif options["update"]:
                self._tell(rates.update_rates())
            elif typed is not None:
                given = typed_rates(typed, base=base, date=date)
                self._tell(rates.take_in(given, source=_("by hand")))
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self._list()

    def _tell(self, count: int) -> None:
        text = ngettext("%(count)d rate is stored.", "%(count)d rates are stored.", count)
        self.stdout.write(self.style.SUCCESS(text % {"count": count}))

    def _list(self) -> None:
        found = newest_rates(using=DEFAULT_DB_ALIAS)
        if not found:
            self.stdout.write(_("There are no exchange rates."))
            return
        self.stdout.write(render(rate_tables.rates(found), in_color=self.stdout.isatty()))
        too_old = rate_tables.count_too_old(found)
        if too_old:
            text = ngettext(
                "%(count)d rate is too old: nothing is bought by it.",
                "%(count)d rates are too old: nothing is bought by them.",
                too_old,
            )
            self.stdout.write(self.style.WARNING(text % {"count": too_old}))


def _take_in_file(file: str, base: str, date: dt.date) -> int:
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    return rates.take_in_file(content, name=Path(file).name, base=base, date=date)


def _pair(text: str) -> tuple[str, Decimal]:
    currency, equals, value = text.partition("=")
    try:
        rate = Decimal(value)
    except InvalidOperation:
        rate = None
    if not equals or rate is None:
        raise argparse.ArgumentTypeError(
            _("%(text)s is no rate; write it as USD=1.0843") % {"text": text}
        )
    return currency, rate


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("%(text)s is no day; write it as 2026-11-24") % {"text": text}
        ) from None
