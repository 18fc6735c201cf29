"""Reading XLSX workbooks, a row at a time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell
from openpyxl.utils.exceptions import InvalidFileException

from saleor_cdkeys.acquisition.stock_import.cells import Cell, NumberCell, OddCell, Unusable
from saleor_cdkeys.errors import InvalidInput

# Unpacked, in bytes. Excel's own million rows stay far below; an archive made to burst does not.
_MAX_TABLE_OF_TEXTS = 1 << 29

# What the reader raises for files that are something else. Broken XML is a SyntaxError.
_BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError)


class Workbook:
    """The rows of one sheet of a workbook. ``other_sheets`` are not read."""

    def __init__(self, stream: BinaryIO, *, sheet: str = "") -> None:
        """Raises InvalidInput if the file is no workbook, or has no such sheet."""
        try:
            _check_size(stream)
            self._book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise InvalidInput(
                _("The file is not a workbook that can be read."), field="file"
            ) from error
        names = [each.title for each in self._book.worksheets]
        if not names or (sheet and sheet not in names):
            raise InvalidInput(
                _("The workbook has no sheet named %(name)s; it has: %(names)s.")
                % {"name": sheet, "names": ", ".join(names)},
                field="sheet",
            )
        self._sheet: Any = self._book[sheet or names[0]]
        self.other_sheets = tuple(name for name in names if name != self._sheet.title)
        self.row_estimate: int | None = self._sheet.max_row
        # The extent that a workbook states for itself is often wrong, and rows beyond it get lost.
        self._sheet.reset_dimensions()

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Row numbers from 1, and cells. Blank rows are included."""
        for number, row in enumerate(self._sheet.iter_rows(), start=1):
            yield number, [_cell(cell) for cell in row]

    def close(self) -> None:
        self._book.close()


def _cell(cell: Any) -> Cell:
    if isinstance(cell, EmptyCell) or cell.value is None:
        return ""
    value = cell.value
    if cell.data_type == "e":
        return OddCell(_("The cell holds an error of the spreadsheet."))
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return OddCell(_("The cell holds TRUE or FALSE. Format the column as text."))
    if isinstance(value, int | float):
        return NumberCell(value, cell.number_format)
    return OddCell(_("The spreadsheet made a date of the cell. Format the column as text."))


def sample_text(cell: Cell) -> str:
    """The cell as text, for finding headings; nothing where it is none."""
    try:
        return cell if isinstance(cell, str) else cell.as_text()
    except Unusable:
        return "?"


def _check_size(stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if member.filename == "xl/sharedStrings.xml" and member.file_size > _MAX_TABLE_OF_TEXTS:
                raise InvalidInput(
                    _("The workbook is too large. Save it as CSV, and import that."), field="file"
                )
    stream.seek(0)
