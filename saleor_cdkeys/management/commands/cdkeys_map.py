"""``manage.py cdkeys_map``: mapping many products at once from a CSV file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.mapping_import import Progress, RowReport, import_mappings
from saleor_cdkeys.acquisition.mapping_import.outcomes import WELL
from saleor_cdkeys.acquisition.stock_import import Source
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management import mapping_tables
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.progress import progress_bar
from saleor_cdkeys.management.terminal import render

_SHOWN_PROBLEMS = 10


class Command(CdKeysCommand):
    help = _(
        "Map products to suppliers' products from a CSV file with the headings sku (or variant), "
        "supplier, supplier_product_id and, if you like, position, active and countries. Doing it "
        "again changes only what is new."
    )
    examples = """
  manage.py cdkeys_map mappings.csv --preview
  manage.py cdkeys_map mappings.csv --report report.csv
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help=_("the file"))
        parser.add_argument(
            "--preview", action="store_true", help=_("show what would happen; write nothing")
        )
        parser.add_argument("--encoding", default="", help=_("such as utf-8, utf-16 or cp1250"))
        parser.add_argument(
            "--report", metavar="FILE", help=_("write what became of each row to this CSV file")
        )

    @allow_writer()
    def handle(
        self, *, file: str, preview: bool, encoding: str, report: str | None, **_given: Any
    ) -> None:
        problems: list[RowReport] = []
        rows_done = 0
        try:
            source = Source.from_path(file)
            with _report_to(report, file) as write, progress_bar(source.name) as show:

                def on_row(row: RowReport) -> None:
                    if row.outcome not in WELL and len(problems) < _SHOWN_PROBLEMS:
                        problems.append(row)
                    write(row)

                def on_progress(progress: Progress) -> None:
                    nonlocal rows_done
                    rows_done = progress.row_count
                    show(progress.row_count, progress.fraction)

                counts = import_mappings(
                    source=source,
                    is_preview=preview,
                    encoding=encoding,
                    progress=on_progress,
                    report=on_row,
                )
        except CdKeysError as error:
            raise CommandError(f"{error}") from error
        except OSError as error:
            # Which file, and why not: "mappings.csv: Permission denied".
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except KeyboardInterrupt:
            raise CommandError(
                _("Interrupted after %(rows)d rows. Give the file again to do the rest.")
                % {"rows": rows_done},
                returncode=130,
            ) from None
        if problems:
            self._print(mapping_tables.problems(problems))
        title = _("This would come to") if preview else _("This came to")
        self._print(mapping_tables.outcomes(title, counts))
        if preview:
            self.stdout.write(_("Nothing was written."))

    def _print(self, part: Any) -> None:
        self.stdout.write(render(part, in_color=self.stdout.isatty()) + "\n")


@contextlib.contextmanager
def _report_to(path: str | None, file: str) -> Iterator[Callable[[RowReport], None]]:
    if path is None:
        yield lambda row: None
        return
    if Path(path).resolve() == Path(file).resolve():
        raise CommandError(_("The report would overwrite the file with the mappings."))
    with open(path, "w", newline="", encoding="utf-8") as stream:
        yield mapping_tables.ReportFile(stream).write
