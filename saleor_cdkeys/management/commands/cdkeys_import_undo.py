"""Taking an import back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.acquisition.stock_import import count_removable, undo_batch
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management import import_tables
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.terminal import render
from saleor_cdkeys.models import KeyBatch
from saleor_cdkeys.values import SYSTEM

_LISTED = 20


class Command(CdKeysCommand):
    help = _(
        "Remove the keys of an import that were neither sold nor seen by anybody; the others stay. "
        "Without a number: list the last imports."
    )
    examples = """
  manage.py cdkeys_import_undo              lists the last imports
  manage.py cdkeys_import_undo 12
  manage.py cdkeys_import_undo 12 --yes     does not ask
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", type=int, help=_("number of the import"))
        parser.add_argument("--yes", action="store_true", help=_("do not ask"))

    @allow_writer()
    def handle(self, *, number: int | None, yes: bool, **options: Any) -> None:
        if number is None:
            table = import_tables.batches(KeyBatch.objects.all()[:_LISTED])
            self.stdout.write(render(table, in_color=self.stdout.isatty()))
            return
        batch = KeyBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(
                _("There is no import number %d. Without a number, the last ones are listed.")
                % number
            )
        if not yes:
            self._ask(batch)
        result = undo_batch(batch_id=batch.pk, actor=SYSTEM)
        self.stdout.write(
            _("Removed %(removed)d keys; %(kept)d stay because they were sold or seen.")
            % {"removed": result.removed_count, "kept": result.kept_count}
        )

    def _ask(self, batch: KeyBatch) -> None:
        count = count_removable(batch.pk)
        question = ngettext(
            "Remove %(count)d unsold key of import %(number)d (%(name)s)? [y/N] ",
            "Remove %(count)d unsold keys of import %(number)d (%(name)s)? [y/N] ",
            count,
        ) % {"count": count, "number": batch.pk, "name": batch.name}
        try:
            answer = input(question)
        except EOFError:
            raise CommandError(_("Nobody answers here. Give --yes to remove them.")) from None
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError(_("Nothing was removed."))
