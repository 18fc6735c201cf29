"""Opening a source: what it is, how it is laid out, and its rows one after the other."""

from __future__ import annotations

import contextlib
import dataclasses
import io
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import import columns as find
from saleor_cdkeys.acquisition.stock_import import delimiters, encoding, text_file
from saleor_cdkeys.acquisition.stock_import.cells import Cell, Unusable
from saleor_cdkeys.acquisition.stock_import.columns import Columns, KnownSkus
from saleor_cdkeys.acquisition.stock_import.headings import Role
from saleor_cdkeys.acquisition.stock_import.options import ImportOptions
from saleor_cdkeys.acquisition.stock_import.rows import Row, RowReader, is_blank
from saleor_cdkeys.acquisition.stock_import.source import Replayed, Source, is_workbook
from saleor_cdkeys.acquisition.stock_import.workbook import Workbook, sample_text
from saleor_cdkeys.errors import InvalidInput

_SAMPLE_ROWS = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """What was found out about a file. ``encoding`` is empty for a workbook."""

    columns: Columns
    encoding: str = ""
    delimiter: str = ""
    other_sheets: tuple[str, ...] = ()


@dataclasses.dataclass(slots=True)
class Reading:
    """An open source. ``rows`` can be gone through once; ``fraction`` says how much was read."""

    layout: Layout
    rows: Iterator[Row]
    fraction: Callable[[], float | None]


@contextlib.contextmanager
def open_rows(
    source: Source, *, options: ImportOptions, known_skus: KnownSkus
) -> Iterator[Reading]:
    """The rows of a source. Raises InvalidInput if it cannot be told what they hold."""
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(source.opener())
        head = _read_head(stream)
        if not head.strip():
            raise InvalidInput(_("The file is empty."), field="file")
        if is_workbook(head):
            reading = _open_workbook(stream, head, options, known_skus, stack)
        else:
            reading = _open_text(source, stream, head, options, known_skus)
        if Role.SKU not in reading.layout.columns.positions and not options.has_default_product:
            raise InvalidInput(
                _("The file has no column with SKUs. Say which product the keys are for."),
                field="sku",
            )
        yield reading


def _read_head(stream: BinaryIO) -> bytes:
    head = b""
    while len(head) < encoding.HEAD_BYTES:
        block = stream.read(encoding.HEAD_BYTES - len(head))
        if not block:
            break
        head += block
    return head


def _open_text(
    source: Source, stream: BinaryIO, head: bytes, options: ImportOptions, known_skus: KnownSkus
) -> Reading:
    if options.encoding:
        name = encoding.check_encoding(options.encoding)
    else:
        name = source.encoding or encoding.find_encoding(head, stream)
    text = text_file.decode_head(head, name, is_all=len(head) < encoding.HEAD_BYTES)
    layout = delimiters.find_layout(text, name=source.name, options=options, known_skus=known_skus)
    if stream.seekable():
        stream.seek(len(head))
    replayed = Replayed(head, stream)
    records = text_file.read_records(io.BufferedReader(replayed), layout, name)
    size = source.size
    return Reading(
        layout=Layout(columns=layout.columns, encoding=name, delimiter=layout.delimiter),
        rows=_rows(records, layout.columns, options),
        fraction=lambda: min(1.0, replayed.given / size) if size else None,
    )


def _rows(
    records: Iterator[tuple[int, list[Cell] | Unusable]], columns: Columns, options: ImportOptions
) -> Iterator[Row]:
    reader = RowReader(columns, currency=options.currency)
    for line, cells in records:
        if isinstance(cells, Unusable):
            yield Row(line, outcome=cells.outcome, detail=cells.detail)
        else:
            yield reader.read(line, cells)


def _open_workbook(
    stream: BinaryIO,
    head: bytes,
    options: ImportOptions,
    known_skus: KnownSkus,
    stack: contextlib.ExitStack,
) -> Reading:
    # A workbook is an archive with its table of contents at the end, so a pipe is read whole.
    whole = stream if stream.seekable() else io.BytesIO(head + stream.read())
    whole.seek(0)
    book = stack.enter_context(contextlib.closing(Workbook(whole, sheet=options.sheet)))
    filled = ((line, cells) for line, cells in book.rows() if not is_blank(cells))
    sample = list(islice(filled, _SAMPLE_ROWS))
    if not sample:
        raise InvalidInput(_("The sheet is empty."), field="file")
    columns = _workbook_columns([_texts(cells) for _line, cells in sample], options, known_skus)
    read = 0

    def records() -> Iterator[tuple[int, list[Cell] | Unusable]]:
        nonlocal read
        start = 1 if columns.headings or options.has_header else 0
        for line, cells in chain(sample[start:], filled):
            read = line
            yield line, cells

    estimate = book.row_estimate
    return Reading(
        layout=Layout(columns=columns, other_sheets=book.other_sheets),
        rows=_rows(records(), columns, options),
        fraction=lambda: min(1.0, read / estimate) if estimate else None,
    )


def _texts(cells: list[Cell]) -> list[str]:
    texts = [sample_text(cell) for cell in cells]
    while len(texts) > 1 and not texts[-1].strip():
        texts.pop()
    return texts


def _workbook_columns(
    rows: list[list[str]], options: ImportOptions, known_skus: KnownSkus
) -> Columns:
    headed = None if options.has_header is False else find.by_headings(rows[0], options)
    if headed is not None:
        return headed
    width = max(map(len, rows))
    if options.columns or options.has_header:
        return find.by_numbers(options, width)
    if width == 1:
        return find.ONE_COLUMN
    by_sku = find.by_known_skus(rows, known_skus)
    if by_sku is None:
        raise find.unclear(max(rows, key=len))
    return by_sku
