"""What became of the rows of a file of mappings."""

from __future__ import annotations

import dataclasses

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Outcome(TextChoices):
    """What became of one row. Sent to programs and written to reports; never rename one."""

    CREATED = "created", gettext_lazy("Mapped")
    CHANGED = "changed", gettext_lazy("Position, switch or countries changed")
    EXISTS = "exists", gettext_lazy("Mapped already, nothing to change")
    DUPLICATE_IN_FILE = "duplicate_in_file", gettext_lazy("The same mapping stands above")
    MISSING_SKU = "missing_sku", gettext_lazy("Neither SKU nor variant")
    UNKNOWN_SKU = "unknown_sku", gettext_lazy("No product variant has this SKU")
    UNKNOWN_VARIANT = "unknown_variant", gettext_lazy("There is no such product variant")
    NOT_A_KEY_PRODUCT = "not_a_key_product", gettext_lazy("The variant is not sold as keys")
    MISSING_SUPPLIER = "missing_supplier", gettext_lazy("No supplier")
    UNKNOWN_SUPPLIER = "unknown_supplier", gettext_lazy("No supplier account has this name")
    MISSING_PRODUCT = "missing_product", gettext_lazy("No id of the supplier's product")
    BAD_VALUE = "bad_value", gettext_lazy("A value cannot be used")
    UNREADABLE = "unreadable", gettext_lazy("The row cannot be read")


#: Outcomes of rows that say what is, or is to be. The others are problems.
WELL = frozenset({Outcome.CREATED, Outcome.CHANGED, Outcome.EXISTS})


@dataclasses.dataclass(frozen=True, slots=True)
class RowReport:
    """What became of the row that begins at ``line`` (counted from 1).

    ``product`` is the SKU or variant as the row has it. ``first_line`` is where the same mapping
    stood first.
    """

    line: int
    product: str
    supplier: str
    supplier_product_id: str
    outcome: Outcome
    detail: str | Promise = ""
    first_line: int | None = None

    @property
    def message(self) -> str:
        """The outcome in words."""
        if self.first_line is not None:
            return _("The same mapping stands in line %(line)d") % {"line": self.first_line}
        return str(self.detail or self.outcome.label)


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far it is. ``fraction`` of the file that was read (0 to 1), where known."""

    row_count: int
    fraction: float | None
