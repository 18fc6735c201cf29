"""Reading CSV and plain text, a row at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.cells import Cell, Unusable
from saleor_cdkeys.acquisition.stock_import.delimiters import TextLayout
from saleor_cdkeys.acquisition.stock_import.outcomes import Outcome

#: A row by the line where it begins: its cells, or why it cannot be read.
Record = tuple[int, list[Cell] | Unusable]


def decode_head(head: bytes, encoding: str, *, is_all: bool) -> str:
    """The text that the file begins with, up to its last complete line if there is more."""
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    if is_all:
        return text
    end = max(text.rfind("\n"), text.rfind("\r"))
    return text[: end + 1] if end >= 0 else text


def read_records(stream: BinaryIO, layout: TextLayout, encoding: str) -> Iterator[Record]:
    """The rows after the headings. Blank lines are skipped.

    Bytes outside the encoding become U+FFFD, which no code may hold: a code is never stored other
    than it stood in the file. A quote that does not end costs the lines it swallowed, no more.
    """
    lines = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    reader = csv.reader(lines, delimiter=layout.csv_delimiter, strict=True, skipinitialspace=True)
    to_skip = layout.skipped
    line = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, _torn(line, reader.line_num)
            continue
        if not any(map(str.strip, cells)):
            continue
        if to_skip:
            to_skip -= 1
            continue
        yield line, cells  # type: ignore[misc]  # a list of str is a list of cells


def _torn(first: int, last: int) -> Unusable:
    if last <= first:
        return Unusable(Outcome.UNREADABLE, _("The quotes of the line do not match."))
    return Unusable(
        Outcome.UNREADABLE,
        _("A quote opens in line %(first)d and does not end properly up to line %(last)d.")
        % {"first": first, "last": last},
    )
