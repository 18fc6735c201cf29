"""Short ways to import a file, and to see what is in stock afterwards."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

from saleor_cdkeys import vault
from saleor_cdkeys.acquisition.stock_import import (
    ImportOptions,
    ImportPreview,
    RowReport,
    Source,
    import_keys,
    preview,
)
from saleor_cdkeys.models import Key, KeyBatch, KeyProduct
from saleor_cdkeys.values import SYSTEM, KeyCode

File = str | bytes | Source


def source_of(file: File, name: str = "") -> Source:
    if isinstance(file, Source):
        return file
    if isinstance(file, str):
        return Source.from_text(file, name=name)
    return Source.from_bytes(file, name=name)


def run_import(file: File, *, name: str = "", **options: Any) -> tuple[KeyBatch, list[RowReport]]:
    """Import, and give the batch and what became of each row."""
    rows: list[RowReport] = []
    batch = import_keys(
        source=source_of(file, name),
        options=ImportOptions(**options),
        actor=SYSTEM,
        report=rows.append,
    )
    return batch, rows


def look_at(file: File, *, name: str = "", **options: Any) -> ImportPreview:
    return preview(source=source_of(file, name), options=ImportOptions(**options))


def outcomes(rows: list[RowReport]) -> list[tuple[int, str]]:
    return [(row.line, row.outcome.value) for row in rows]


def keys_of(product: KeyProduct) -> list[KeyCode]:
    """The codes of a product in the order in which they will be sold."""
    keys = Key.objects.filter(key_product=product).order_by("id")
    return [vault.open_code(key.sealed, uid=key.uid) for key in keys]


def codes_of(product: KeyProduct) -> list[str]:
    return [code.reveal_text() for code in keys_of(product)]


def workbook(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    """An XLSX file of these rows; ``formats`` gives cells such as A2 a number format."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
