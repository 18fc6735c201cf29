"""What the import commands print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from saleor_cdkeys.acquisition.stock_import import ImportPreview, Outcome, RowReport
from saleor_cdkeys.acquisition.stock_import.report_file import masked
from saleor_cdkeys.models import KeyBatch

_DELIMITER_NAMES = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("pipe")}


def layout(preview: ImportPreview) -> Table:
    """How the file was understood."""
    found = preview.layout
    table = _plain_table()
    if found.encoding:
        table.add_row(_("encoding"), found.encoding.removesuffix("-sig"))
        table.add_row(
            _("delimiter"),
            _DELIMITER_NAMES.get(found.delimiter, found.delimiter) or _("none: a code per line"),
        )
    columns = ", ".join(
        f"{role.value} = {_column_name(preview, at)}"
        for role, at in sorted(found.columns.positions.items(), key=lambda each: each[1])
    )
    table.add_row(_("columns"), escape(columns))
    if found.columns.ignored:
        table.add_row(_("not read"), escape(", ".join(found.columns.ignored)))
    if found.other_sheets:
        table.add_row(_("other sheets, not read"), escape(", ".join(found.other_sheets)))
    return table


def _column_name(preview: ImportPreview, at: int) -> str:
    headings = preview.layout.columns.headings
    return headings[at] if headings else _("column %d") % (at + 1)


def products(preview: ImportPreview) -> Table:
    table = _table(_("New keys by product"), "SKU", _("product"))
    table.add_column(_("new keys"), justify="right")
    for each in preview.products:
        table.add_row(escape(each.sku), escape(each.name), f"{each.new_count:,}")
    return table


def rows(title: str, reports: Iterable[RowReport], *, with_message: bool) -> Table:
    table = _table(title, _("line"), "SKU", _("code"))
    if with_message:
        table.add_column(_("why"))
    for row in reports:
        cells = [str(row.line), escape(row.sku), escape(masked(row.hint))]
        table.add_row(*cells, *([row.message] if with_message else []))
    return table


def outcomes(title: str, counts: dict[Outcome, int]) -> Table:
    """How many rows came to what, in the order of the list of outcomes."""
    table = _plain_table(title)
    for outcome in Outcome:
        if counts.get(outcome):
            table.add_row(str(outcome.label), f"{counts[outcome]:,}")
    table.add_row(_("rows read"), f"{Counter(counts).total():,}", style="bold")
    return table


def batches(found: Iterable[KeyBatch]) -> Table:
    table = _table(_("Last imports"), _("number"), _("name"), _("status"), _("when"))
    for heading in (_("imported"), _("removed")):
        table.add_column(heading, justify="right")
    for batch in found:
        table.add_row(
            str(batch.pk),
            escape(batch.name),
            batch.get_status_display(),
            f"{batch.created_at:%Y-%m-%d %H:%M}",
            f"{batch.created_count:,}",
            f"{batch.removed_count:,}",
        )
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    return table


def _plain_table(title: str | None = None) -> Table:
    table = _table(title or "", "")
    table.title = title
    table.show_header = False
    table.add_column(justify="right" if title else "left")
    return table
