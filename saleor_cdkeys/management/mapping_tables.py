"""What the command that maps products prints and writes."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from typing import TextIO

from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from saleor_cdkeys.acquisition.mapping_import import Outcome, RowReport

# A cell that begins so is a formula to a spreadsheet, and the cells come from somebody's file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def problems(reports: Iterable[RowReport]) -> Table:
    """Rows that could not be mapped, and why."""
    table = _table(_("First problems"))
    for heading in (_("line"), _("product"), _("supplier"), _("its product"), _("why")):
        table.add_column(heading)
    for row in reports:
        cells = (row.product, row.supplier, row.supplier_product_id)
        table.add_row(str(row.line), *map(escape, cells), row.message)
    return table


def outcomes(title: str, counts: Counter[Outcome]) -> Table:
    """How many rows came to what, in the order of the list of outcomes."""
    table = _table(title)
    table.show_header = False
    table.add_column("")
    table.add_column(justify="right")
    for outcome in Outcome:
        if counts[outcome]:
            table.add_row(str(outcome.label), f"{counts[outcome]:,}")
    table.add_row(_("rows read"), f"{counts.total():,}", style="bold")
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)


class ReportFile:
    """Writes a line for each row as it is reported; the headings at once."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)
        self._writer.writerow(
            ("line", "product", "supplier", "supplier_product_id", "outcome", "message")
        )

    def write(self, row: RowReport) -> None:
        cells = (row.product, row.supplier, row.supplier_product_id)
        safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
        self._writer.writerow((row.line, *safe, row.outcome.value, row.message))
