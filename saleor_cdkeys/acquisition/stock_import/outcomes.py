"""What came of an import: of each row, of the whole."""

from __future__ import annotations

import dataclasses

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Outcome(TextChoices):
    """What became of one row. Sent to programs and written to reports; never rename one."""

    IMPORTED = "imported", gettext_lazy("Imported")
    DUPLICATE_IN_FILE = "duplicate_in_file", gettext_lazy("The same code stands above in the file")
    DUPLICATE_IN_STOCK = "duplicate_in_stock", gettext_lazy("The code is known already")
    MISSING_SKU = "missing_sku", gettext_lazy("No SKU")
    UNKNOWN_SKU = "unknown_sku", gettext_lazy("No product variant has this SKU")
    NOT_A_KEY_PRODUCT = "not_a_key_product", gettext_lazy("The variant is not sold as keys")
    EMPTY_CODE = "empty_code", gettext_lazy("No code")
    INCOMPLETE = "incomplete", gettext_lazy("A part of the key is missing")
    TOO_LONG = "too_long", gettext_lazy("The code is too long")
    TOO_MANY_CELLS = "too_many_cells", gettext_lazy("More cells than columns")
    UNREADABLE = "unreadable", gettext_lazy("The row cannot be read")
    INEXACT_CELL = "inexact_cell", gettext_lazy("The spreadsheet no longer holds the exact code")
    BAD_COST = "bad_cost", gettext_lazy("The cost cannot be read")


DUPLICATES = frozenset({Outcome.DUPLICATE_IN_FILE, Outcome.DUPLICATE_IN_STOCK})


@dataclasses.dataclass(frozen=True, slots=True)
class RowReport:
    """What became of the row that begins at ``line`` (counted from 1). Never holds the code.

    ``first_line`` is where a code that stands twice in the file stood first.
    """

    line: int
    sku: str
    hint: str
    outcome: Outcome
    detail: str | Promise = ""
    first_line: int | None = None

    @property
    def message(self) -> str:
        """The outcome in words."""
        if self.first_line is not None:
            return _("The same code stands in line %(line)d") % {"line": self.first_line}
        return str(self.detail or self.outcome.label)


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. ``fraction`` of the file that was read (0 to 1), where known."""

    batch_id: int
    row_count: int
    created_count: int
    duplicate_count: int
    rejected_count: int
    fraction: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class UndoResult:
    """``removed_count`` keys went now; ``kept_count`` stay because they were sold or seen."""

    batch_id: int
    removed_count: int
    kept_count: int
