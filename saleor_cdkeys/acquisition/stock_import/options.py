"""What the person who imports may say about the file; what is left open is found out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.headings import Role
from saleor_cdkeys.errors import InvalidInput

#: The delimiter of a file with one code per line, in which nothing splits a line.
NO_DELIMITER = ""
DELIMITERS = (",", ";", "\t", "|")

_DELIMITER_NAMES = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "none": NO_DELIMITER,
}


@dataclasses.dataclass(frozen=True, slots=True)
class ImportOptions:
    """``key_product_id`` or ``default_sku`` takes the rows that name no SKU.

    ``columns`` maps a role to a heading or to a column number from 1. ``delimiter`` is one
    character, or NO_DELIMITER; ``has_header`` whether the first row holds headings; ``currency``
    that of costs whose row names none; ``sheet`` the sheet of a workbook. None or empty: find out.
    """

    key_product_id: int | None = None
    default_sku: str = ""
    columns: Mapping[Role, str] = dataclasses.field(default_factory=dict)
    delimiter: str | None = None
    encoding: str = ""
    has_header: bool | None = None
    currency: str = ""
    sheet: str = ""

    def __post_init__(self) -> None:
        if self.delimiter and len(self.delimiter) != 1:
            raise InvalidInput(_("A delimiter is one character."), field="delimiter")
        if self.currency and not re.fullmatch("[A-Z]{3}", self.currency):
            raise InvalidInput(
                _("A currency has three capital letters, such as EUR."), field="currency"
            )

    @property
    def has_default_product(self) -> bool:
        return self.key_product_id is not None or bool(self.default_sku)


def read_delimiter(word: str) -> str:
    """A delimiter by its name (comma, semicolon, tab, pipe, none) or as it is."""
    return _DELIMITER_NAMES.get(word.strip().lower(), word)


def read_columns(pairs: list[str]) -> dict[Role, str]:
    """Column mapping from texts such as ``code=Serial No`` or ``sku=1``; raises InvalidInput."""
    columns: dict[Role, str] = {}
    for pair in pairs:
        role, _equals, column = pair.partition("=")
        if role.strip().lower() not in set(Role) or not column.strip():
            raise InvalidInput(
                _("%(pair)s does not say which column is what. Write %(roles)s=heading or number.")
                % {"pair": pair, "roles": " / ".join(Role)},
                field="columns",
            )
        columns[Role(role.strip().lower())] = column.strip()
    return columns
