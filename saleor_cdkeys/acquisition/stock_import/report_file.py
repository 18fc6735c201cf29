"""The report of an import as a CSV file: a line for each row, without the codes."""

from __future__ import annotations

import csv
from typing import TextIO

from saleor_cdkeys.acquisition.stock_import.outcomes import RowReport

# A cell that begins so is a formula to a spreadsheet, and the SKUs come from somebody's file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ReportFile:
    """Writes rows as they are reported; the headings at once."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)
        self._writer.writerow(("line", "sku", "code", "outcome", "message"))

    def write(self, row: RowReport) -> None:
        sku = f"'{row.sku}" if row.sku.startswith(_FORMULA) else row.sku
        self._writer.writerow((row.line, sku, masked(row.hint), row.outcome.value, row.message))


def masked(hint: str) -> str:
    """How a code is shown: its last characters, as far as they may be seen."""
    return f"…{hint}" if hint else "…"
