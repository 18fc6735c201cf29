"""What a cell holds, and the rules by which it becomes part of a key."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.outcomes import Outcome

#: Characters that a code, PIN, user name or password may have.
MAX_LENGTH = 2000

#: A spreadsheet keeps 15 digits of a number and turns the rest into zeros.
_EXACT_BELOW = 10**15

_AMOUNT = re.compile(r"\d{1,12}([.,]\d{1,4})?")
_THOUSANDS = re.compile(r"\d{1,3},\d{3}")
_EDGES = "\ufeff\u200b\u200c\u200d\u2060\u00ad"


class Unusable(Exception):
    """The row cannot be imported. ``detail`` tells staff why, and never shows a cell."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.detail = detail


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class NumberCell:
    """A number in a spreadsheet, with the format in which people see it."""

    value: int | float
    number_format: str

    def as_text(self) -> str:
        """The digits as people see them. Raises Unusable where that could be another code."""
        whole = isinstance(self.value, int) or self.value.is_integer()
        if not whole or not 0 <= self.value < _EXACT_BELOW:
            raise Unusable(
                Outcome.INEXACT_CELL,
                _(
                    "The cell is a number that the spreadsheet may have rounded. Format the column "
                    "as text and enter the codes again."
                ),
            )
        number = int(self.value)
        if self.number_format in ("General", "@", "#"):
            return str(number)
        if self.number_format.strip("0") == "":
            return str(number).zfill(len(self.number_format))
        raise Unusable(
            Outcome.INEXACT_CELL,
            _("The cell shows a number in a format of its own. Format the column as text."),
        )

    def as_amount(self) -> str:
        return format(Decimal(str(self.value)), "f")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class OddCell:
    """A cell that the spreadsheet turned into something that is no text: a date, TRUE, an error."""

    detail: str

    def as_text(self) -> str:
        raise Unusable(Outcome.INEXACT_CELL, self.detail)

    as_amount = as_text


Cell = str | NumberCell | OddCell


def as_code(cell: Cell) -> str:
    """The cell as a code, trimmed. Raises Unusable if no customer could use it."""
    text = (cell if isinstance(cell, str) else cell.as_text()).strip()
    if text.isascii() and text.isprintable():
        return _not_too_long(text)
    text = text.strip(_EDGES).strip().replace("\r\n", "\n").replace("\r", "\n")
    for character in text:
        if character == "\ufffd":
            raise Unusable(
                Outcome.UNREADABLE,
                _("The row holds bytes that are not in the encoding of the file."),
            )
        if unicodedata.category(character) in ("Cc", "Cf") and character not in "\n\t":
            raise Unusable(
                Outcome.UNREADABLE,
                _("The code holds an invisible character (%(name)s).")
                % {"name": f"U+{ord(character):04X}"},
            )
    return _not_too_long(text)


def _not_too_long(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise Unusable(
            Outcome.TOO_LONG,
            _("The code has %(count)d characters; at most %(most)d are allowed.")
            % {"count": len(text), "most": MAX_LENGTH},
        )
    return text


def as_amount(cell: Cell) -> Decimal | None:
    """The cell as an amount of money, None if it is empty. Raises Unusable."""
    return _amount((cell if isinstance(cell, str) else cell.as_amount()).strip())


@lru_cache(maxsize=4096)
def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise Unusable(
            Outcome.BAD_COST, _("The cost is not an amount with at most four decimal places.")
        )
    if _THOUSANDS.fullmatch(text):
        raise Unusable(
            Outcome.BAD_COST,
            _("The comma of the cost could be that of a fraction or of thousands. Write a point."),
        )
    return Decimal(text.replace(",", "."))
