"""Reading the rows of a file of mappings."""

from __future__ import annotations

import base64
import binascii
import contextlib
import dataclasses
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.countries import checked_countries
from saleor_cdkeys.acquisition.mapping_import.headings import Layout, Role, find_layout
from saleor_cdkeys.acquisition.mapping_import.outcomes import Outcome, RowReport
from saleor_cdkeys.acquisition.stock_import import encoding, text_file
from saleor_cdkeys.acquisition.stock_import.cells import Unusable
from saleor_cdkeys.acquisition.stock_import.columns import Columns
from saleor_cdkeys.acquisition.stock_import.delimiters import TextLayout
from saleor_cdkeys.acquisition.stock_import.source import Replayed, Source, is_workbook
from saleor_cdkeys.errors import InvalidInput

_MAX_LENGTH = 255
_LAST_POSITION = 2**31 - 1
_LAST_VARIANT = 2**31 - 1
_YES = frozenset({"1", "yes", "y", "true", "on", "x", "ja", "j", "wahr", "tak", "t", "prawda"})
_NO = frozenset({"0", "no", "n", "false", "off", "nein", "falsch", "nie", "fałsz"})
_BETWEEN_COUNTRIES = re.compile(r"[\s,;|/]+")
#: What takes a limit off; an empty cell leaves it.
_EVERYWHERE = (["all"], ["*"], ["alle"], ["wszystkie"])


@dataclasses.dataclass(slots=True)
class Row:
    """One row. ``position``, ``is_active`` and ``countries`` are None where the row does not say.

    ``outcome`` is None as long as nothing speaks against the row.
    """

    line: int
    sku: str = ""
    variant: str = ""
    variant_id: int | None = None
    supplier: str = ""
    supplier_product_id: str = ""
    position: int | None = None
    is_active: bool | None = None
    countries: str | None = None
    key_product_id: int = 0
    supplier_id: int = 0
    outcome: Outcome | None = None
    detail: str = ""
    first_line: int | None = None

    def refuse(self, outcome: Outcome, detail: str = "") -> None:
        self.outcome = outcome
        self.detail = detail

    def report(self) -> RowReport:
        assert self.outcome is not None
        return RowReport(
            line=self.line,
            product=self.sku or self.variant,
            supplier=self.supplier,
            supplier_product_id=self.supplier_product_id,
            outcome=self.outcome,
            detail=self.detail,
            first_line=self.first_line,
        )


@dataclasses.dataclass(slots=True)
class Reading:
    """An open file. ``rows`` can be gone through once; ``fraction`` says how much was read."""

    rows: Iterator[Row]
    fraction: Callable[[], float | None]


@contextlib.contextmanager
def open_rows(source: Source, *, encoding_name: str = "") -> Iterator[Reading]:
    """The rows of a CSV file. Raises InvalidInput if it cannot be told what they hold."""
    with source.opener() as stream:
        head = _head(stream)
        if not head.strip():
            raise InvalidInput(_("The file is empty."), field="file")
        if is_workbook(head):
            raise InvalidInput(
                _("This is a workbook. Save its sheet as CSV, and give that."), field="file"
            )
        if encoding_name:
            name = encoding.check_encoding(encoding_name)
        else:
            name = source.encoding or encoding.find_encoding(head, stream)
        text = text_file.decode_head(head, name, is_all=len(head) < encoding.HEAD_BYTES)
        layout = find_layout(text)
        if stream.seekable():
            stream.seek(len(head))
        replayed = Replayed(head, stream)
        size = source.size
        yield Reading(
            rows=_rows(io.BufferedReader(replayed), layout, name),
            fraction=lambda: min(1.0, replayed.given / size) if size else None,
        )


def _head(stream: BinaryIO) -> bytes:
    head = b""
    while len(head) < encoding.HEAD_BYTES:
        block = stream.read(encoding.HEAD_BYTES - len(head))
        if not block:
            break
        head += block
    return head


def _rows(stream: BinaryIO, layout: Layout, name: str) -> Iterator[Row]:
    as_text = TextLayout(layout.delimiter, Columns({}, (), 0), layout.skipped)
    for line, cells in text_file.read_records(stream, as_text, name):
        row = Row(line)
        if isinstance(cells, Unusable):
            row.refuse(Outcome.UNREADABLE, cells.detail)
        else:
            _read_into(row, [str(cell) for cell in cells], layout.positions)
        yield row


def _read_into(row: Row, cells: Sequence[str], positions: dict[Role, int]) -> None:
    texts = {role: cells[at].strip() for role, at in positions.items() if at < len(cells)}
    row.sku, row.variant = texts.get(Role.SKU, ""), texts.get(Role.VARIANT, "")
    row.supplier = texts.get(Role.SUPPLIER, "")
    row.supplier_product_id = texts.get(Role.PRODUCT, "")
    for text in texts.values():
        if len(text) > _MAX_LENGTH or not text.isprintable() or "\ufffd" in text:
            row.refuse(Outcome.UNREADABLE, _("A cell is too long or holds odd characters."))
            return
    if not (row.sku or row.variant):
        row.refuse(Outcome.MISSING_SKU)
    elif not row.supplier:
        row.refuse(Outcome.MISSING_SUPPLIER)
    elif not row.supplier_product_id:
        row.refuse(Outcome.MISSING_PRODUCT)
    else:
        _read_values(row, texts)


def _read_values(row: Row, texts: dict[Role, str]) -> None:
    if not row.sku:
        row.variant_id = _variant_id(row.variant)
        if row.variant_id is None:
            row.refuse(Outcome.UNKNOWN_VARIANT)
            return
    position, active = texts.get(Role.POSITION, ""), texts.get(Role.ACTIVE, "").casefold()
    if position:
        if not (position.isascii() and position.isdecimal() and int(position) <= _LAST_POSITION):
            row.refuse(Outcome.BAD_VALUE, _("The position is not a whole number from 0 on."))
            return
        row.position = int(position)
    if active:
        if active not in _YES | _NO:
            row.refuse(Outcome.BAD_VALUE, _("Write yes or no for active."))
            return
        row.is_active = active in _YES
    if texts.get(Role.COUNTRIES):
        _read_countries_into(row, texts[Role.COUNTRIES])


def _read_countries_into(row: Row, text: str) -> None:
    codes = [code for code in _BETWEEN_COUNTRIES.split(text) if code]
    if [code.casefold() for code in codes] in _EVERYWHERE:
        row.countries = ""
        return
    try:
        row.countries = checked_countries(codes)
    except InvalidInput as error:
        row.refuse(Outcome.BAD_VALUE, str(error))


def _variant_id(text: str) -> int | None:
    """The number of a variant, from Saleor's ID of it or as it is."""
    if not text.isdecimal():
        try:
            kind, _colon, text = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        if kind != "ProductVariant":
            return None
    number = int(text) if text.isascii() and text.isdecimal() else _LAST_VARIANT + 1
    return number if number <= _LAST_VARIANT else None
