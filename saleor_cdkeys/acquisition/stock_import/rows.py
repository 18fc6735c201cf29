"""Turning the cells of a row into a key to be stored, or into a refusal that says why."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.cells import Cell, Unusable, as_amount, as_code
from saleor_cdkeys.acquisition.stock_import.columns import Columns
from saleor_cdkeys.acquisition.stock_import.headings import Role
from saleor_cdkeys.acquisition.stock_import.outcomes import Outcome, RowReport
from saleor_cdkeys.values import KeyCode

_CURRENCY = re.compile("[A-Z]{3}")
_SKU_LENGTH = 255


@dataclasses.dataclass(slots=True)
class Row:
    """One row of the file. ``outcome`` is None as long as nothing speaks against importing it."""

    line: int
    sku: str = ""
    code: KeyCode | None = None
    cost: Decimal | None = None
    currency: str = ""
    key_product_id: int = 0
    outcome: Outcome | None = None
    detail: str = ""
    first_line: int | None = None

    def refuse(self, outcome: Outcome, detail: str = "") -> None:
        self.outcome = outcome
        self.detail = detail

    def report(self) -> RowReport:
        return RowReport(
            line=self.line,
            sku=self.sku,
            hint="" if self.code is None else self.code.hint,
            outcome=self.outcome or Outcome.IMPORTED,
            detail=self.detail,
            first_line=self.first_line,
        )


class RowReader:
    """Reads rows of one file. ``currency`` is that of costs whose row names none."""

    def __init__(self, columns: Columns, *, currency: str = "") -> None:
        self._width = columns.width
        self._sku = columns.positions.get(Role.SKU)
        self._cost = columns.positions.get(Role.COST)
        self._currency = columns.positions.get(Role.CURRENCY)
        self._default_currency = currency
        self._code = columns.code_positions
        self._only_code = columns.code_positions[0][1] if len(columns.code_positions) == 1 else None

    def read(self, line: int, cells: Sequence[Cell]) -> Row:
        row = Row(line)
        try:
            self._read_into(row, cells)
        except Unusable as refusal:
            row.refuse(refusal.outcome, refusal.detail)
        return row

    def _read_into(self, row: Row, cells: Sequence[Cell]) -> None:
        if self._sku is not None and self._sku < len(cells):
            row.sku = _text(cells[self._sku])
        row.code = self._read_code(cells)
        if not is_blank(cells[self._width :]):
            raise Unusable(
                Outcome.TOO_MANY_CELLS,
                _("The row has more cells than the file has columns. Put codes into quotes."),
            )
        if self._cost is not None and self._cost < len(cells):
            self._read_cost(row, cells)

    def _read_code(self, cells: Sequence[Cell]) -> KeyCode:
        if self._only_code is not None:
            text = as_code(cells[self._only_code]) if self._only_code < len(cells) else ""
            if not text:
                raise Unusable(Outcome.EMPTY_CODE)
            return KeyCode.of_text(text)
        parts = {
            role: text
            for role, at in self._code
            if at < len(cells) and (text := as_code(cells[at]))
        }
        _check_complete(parts)
        if parts.keys() == {Role.CODE}:
            return KeyCode.of_text(parts[Role.CODE])
        return KeyCode.of_fields([(role.value, text) for role, text in parts.items()])

    def _read_cost(self, row: Row, cells: Sequence[Cell]) -> None:
        assert self._cost is not None
        row.cost = as_amount(cells[self._cost])
        if row.cost is None:
            return
        if self._currency is not None and self._currency < len(cells):
            row.currency = _text(cells[self._currency]).upper()
        row.currency = row.currency or self._default_currency
        if not _CURRENCY.fullmatch(row.currency):
            row.cost, row.currency = None, ""
            raise Unusable(
                Outcome.BAD_COST, _("The cost lacks a currency with three letters, such as EUR.")
            )


def _text(cell: Cell) -> str:
    text = as_code(cell)
    if len(text) > _SKU_LENGTH:
        raise Unusable(Outcome.TOO_LONG, _("The SKU is too long."))
    return text


def _check_complete(parts: dict[Role, str]) -> None:
    if not parts:
        raise Unusable(Outcome.EMPTY_CODE)
    if (Role.USER in parts) != (Role.PASSWORD in parts):
        raise Unusable(Outcome.INCOMPLETE, _("A user name and a password must come together."))
    if Role.PIN in parts and Role.CODE not in parts:
        raise Unusable(Outcome.INCOMPLETE, _("There is a PIN, but no code."))


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether a row holds nothing at all."""
    return not any(cell if not isinstance(cell, str) else cell.strip() for cell in cells)
