"""Finding out how a text file is laid out: what separates its columns, and where rows begin."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
from collections import Counter
from itertools import islice

from saleor_cdkeys.acquisition.stock_import import columns
from saleor_cdkeys.acquisition.stock_import.columns import Columns, KnownSkus
from saleor_cdkeys.acquisition.stock_import.options import (
    DELIMITERS,
    NO_DELIMITER,
    ImportOptions,
)

_SAMPLE_RECORDS = 200
# A separator that no text holds makes csv read quotes and line breaks of a file of one column.
_NEVER = "\x1f"


@dataclasses.dataclass(frozen=True, slots=True)
class TextLayout:
    """``skipped`` records that hold anything come before the first row."""

    delimiter: str
    columns: Columns
    skipped: int

    @property
    def csv_delimiter(self) -> str:
        return self.delimiter or _NEVER


def find_layout(
    head: str, *, name: str, options: ImportOptions, known_skus: KnownSkus
) -> TextLayout:
    """How the text that begins with ``head`` is laid out; InvalidInput where that is unclear.

    A text without headings is split only where a column of known SKUs proves that it has columns;
    otherwise a line is one code, whatever characters it holds. In a file that calls itself CSV that
    would be a dangerous guess, so there the person is asked.
    """
    declared = _declared_delimiter(head)
    start = 0 if declared is None else 1
    certain = options.delimiter if options.delimiter is not None else declared
    candidates = (*DELIMITERS, NO_DELIMITER) if certain is None else (certain,)
    samples = {delimiter: _sample(head, delimiter)[start:] for delimiter in candidates}

    headed = None if options.has_header is False else _with_headings(samples, options, certain)
    if headed is not None:
        return dataclasses.replace(headed, skipped=headed.skipped + start)
    if options.has_header or options.columns:
        delimiter, width = _widest(samples)
        found = columns.by_numbers(options, width)
        return TextLayout(delimiter, found, start + bool(options.has_header))
    for delimiter, rows in samples.items():
        by_sku = columns.by_known_skus(rows, known_skus)
        if by_sku is not None:
            return TextLayout(delimiter, by_sku, start)
    must_split = certain or name.lower().endswith((".csv", ".tsv"))
    for rows in samples.values():
        if must_split and _mostly_split(rows):
            raise columns.unclear(max(rows, key=len))
    return TextLayout(certain or NO_DELIMITER, columns.ONE_COLUMN, start)


def _declared_delimiter(head: str) -> str | None:
    """What Excel's own first line ``sep=;`` says."""
    line = head.split("\n", 1)[0].strip("\r")
    return line[4] if len(line) == 5 and line.lower().startswith("sep=") else None


def _sample(head: str, delimiter: str) -> list[list[str]]:
    """The first records that hold anything."""
    lines = io.StringIO(head, newline="")
    reader = csv.reader(lines, delimiter=delimiter or _NEVER, skipinitialspace=True)
    records: list[list[str]] = []
    # A quote that is never closed ends the sample; reading the rows reports it.
    with contextlib.suppress(csv.Error):
        for record in islice(reader, _SAMPLE_RECORDS):
            if any(map(str.strip, record)):
                records.append(record)
    return records


def _with_headings(
    samples: dict[str, list[list[str]]], options: ImportOptions, certain: str | None
) -> TextLayout | None:
    best: TextLayout | None = None
    for delimiter, rows in samples.items():
        if not rows or (len(rows[0]) == 1 and delimiter and certain is None):
            continue
        found = columns.by_headings(rows[0], options)
        if found and (best is None or len(found.positions) > len(best.columns.positions)):
            best = TextLayout(delimiter, found, skipped=1)
    return best


def _widest(samples: dict[str, list[list[str]]]) -> tuple[str, int]:
    """The delimiter that splits the rows most evenly, and into how many columns."""
    split = {
        delimiter: Counter(map(len, rows)).most_common(1)[0]
        for delimiter, rows in samples.items()
        if _mostly_split(rows)
    }
    if not split:
        return (NO_DELIMITER if NO_DELIMITER in samples else next(iter(samples))), 1
    best = max(split, key=lambda delimiter: split[delimiter][1])
    return best, split[best][0]


def _mostly_split(rows: list[list[str]]) -> bool:
    if not rows:
        return False
    width, count = Counter(map(len, rows)).most_common(1)[0]
    return width > 1 and count >= 0.8 * len(rows)
