"""Importing keys from a file or a pipe."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import import (
    ImportOptions,
    Outcome,
    Progress,
    RowReport,
    Source,
    import_keys,
    preview,
    read_columns,
    read_delimiter,
)
from saleor_cdkeys.acquisition.stock_import.report_file import ReportFile
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management import import_tables
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.progress import progress_bar
from saleor_cdkeys.management.terminal import render
from saleor_cdkeys.values import SYSTEM

_SHOWN_PROBLEMS = 10


class Command(CdKeysCommand):
    help = _(
        "Put keys of a CSV, TXT or XLSX file into stock. Encoding, delimiter and columns are found "
        "out; --preview shows what would happen and stores nothing. Codes that are known already "
        "are skipped, so importing a file twice does no harm."
    )
    examples = """
  manage.py cdkeys_import keys.csv --preview
  manage.py cdkeys_import keys.xlsx --report report.csv
  manage.py cdkeys_import codes.txt --sku GAME-1
  manage.py cdkeys_import list.csv --column sku=Product --column code="Serial no."
  cat codes.txt | manage.py cdkeys_import - --sku GAME-1 --name "March delivery"
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help=_("the file, or - for standard input"))
        parser.add_argument(
            "--preview", action="store_true", help=_("show what would happen; store nothing")
        )
        parser.add_argument("--sku", default="", help=_("the product of rows that name no SKU"))
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="ROLE=COLUMN",
            help=_(
                "which column is what, by heading or number from 1; roles: sku, code, pin, user, "
                "password, cost, currency (may be repeated)"
            ),
        )
        parser.add_argument(
            "--delimiter",
            help=_("comma, semicolon, tab, pipe, none (a code per line) or a character"),
        )
        parser.add_argument("--encoding", default="", help=_("such as utf-8, utf-16 or cp1250"))
        parser.add_argument(
            "--header",
            action=argparse.BooleanOptionalAction,
            default=None,
            help=_("whether the first row holds headings"),
        )
        parser.add_argument(
            "--currency", default="", help=_("of costs whose row names none, such as EUR")
        )
        parser.add_argument("--sheet", default="", help=_("sheet of a workbook (default: first)"))
        parser.add_argument("--name", default="", help=_("name of this import (default: the file)"))
        parser.add_argument(
            "--report", metavar="FILE", help=_("write what became of each row to this CSV file")
        )

    @allow_writer()
    def handle(self, *, file: str, preview: bool, report: str | None, **given: Any) -> None:
        last: list[Progress] = []
        try:
            source = _source(file)
            options = ImportOptions(
                default_sku=given["sku"],
                columns=read_columns(given["column"]),
                delimiter=None
                if given["delimiter"] is None
                else read_delimiter(given["delimiter"]),
                encoding=given["encoding"],
                has_header=given["header"],
                currency=given["currency"].upper(),
                sheet=given["sheet"],
            )
            if preview:
                self._preview(source, options)
            else:
                self._import(source, options, given["name"], report, file, last.append)
        except CdKeysError as error:
            raise CommandError(f"{error}{_what_is_in(last)}") from error
        except OSError as error:
            # Which file, and why not: "keys.csv: Permission denied".
            raise CommandError(f"{error.filename}: {error.strerror}{_what_is_in(last)}") from error
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted.") + _what_is_in(last), returncode=130) from None

    def _preview(self, source: Source, options: ImportOptions) -> None:
        found = preview(source=source, options=options)
        counts = {Outcome.IMPORTED: found.new_count, **found.counts}
        self._print(
            import_tables.layout(found),
            import_tables.products(found),
            import_tables.rows(_("First new keys"), found.samples, with_message=False),
            *(
                [import_tables.rows(_("First problems"), found.problems, with_message=True)]
                if found.problems
                else []
            ),
            import_tables.outcomes(_("An import would come to"), counts),
        )
        self.stdout.write(_("Nothing was stored."))

    def _import(
        self,
        source: Source,
        options: ImportOptions,
        name: str,
        report: str | None,
        file: str,
        note: Callable[[Progress], None],
    ) -> None:
        counts: Counter[Outcome] = Counter()
        problems: list[RowReport] = []
        with _report_to(report, file) as write, progress_bar(source.name) as show:

            def on_row(row: RowReport) -> None:
                counts[row.outcome] += 1
                if row.outcome is not Outcome.IMPORTED and len(problems) < _SHOWN_PROBLEMS:
                    problems.append(row)
                write(row)

            def on_progress(progress: Progress) -> None:
                note(progress)
                show(progress.row_count, progress.fraction)

            batch = import_keys(
                source=source,
                options=options,
                actor=SYSTEM,
                name=name,
                progress=on_progress,
                report=on_row,
            )
        if problems:
            self._print(import_tables.rows(_("First problems"), problems, with_message=True))
        title = _("Import %(number)d: %(name)s") % {"number": batch.pk, "name": batch.name}
        self._print(import_tables.outcomes(title, counts))
        if batch.created_count:
            self.stdout.write(
                _("To take it back while the keys are unsold: manage.py cdkeys_import_undo %d")
                % batch.pk
            )

    def _print(self, *parts: Any) -> None:
        for part in parts:
            self.stdout.write(render(part, in_color=self.stdout.isatty()) + "\n")


def _source(file: str) -> Source:
    if file == "-":
        return Source.from_stream(sys.stdin.buffer, name=_("standard input"))
    return Source.from_path(file)


def _what_is_in(progress: list[Progress]) -> str:
    """What an import that broke off leaves behind."""
    if not progress:
        return ""
    last = progress[-1]
    return "\n" + _(
        "%(created)d keys are in, of %(rows)d rows. Import the file again to add the rest, or take "
        "them back: manage.py cdkeys_import_undo %(number)d"
    ) % {"created": last.created_count, "rows": last.row_count, "number": last.batch_id}


@contextlib.contextmanager
def _report_to(path: str | None, file: str) -> Iterator[Callable[[RowReport], None]]:
    if path is None:
        yield lambda row: None
        return
    if file != "-" and Path(path).resolve() == Path(file).resolve():
        raise CommandError(_("The report would overwrite the file with the keys."))
    with open(path, "w", newline="", encoding="utf-8") as stream:
        yield ReportFile(stream).write
