"""Finding out which column holds what."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.headings import CODE_ROLES, Role, role_of, same_heading
from saleor_cdkeys.acquisition.stock_import.options import ImportOptions
from saleor_cdkeys.errors import InvalidInput

#: Which of these texts are SKUs of key products.
KnownSkus = Callable[[set[str]], set[str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """``positions`` from 0. ``headings`` is empty where the file has none; ``width`` in columns."""

    positions: dict[Role, int]
    headings: tuple[str, ...]
    width: int

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings of columns that are not read."""
        used = set(self.positions.values())
        return tuple(
            heading for at, heading in enumerate(self.headings) if heading and at not in used
        )

    @property
    def code_positions(self) -> tuple[tuple[Role, int], ...]:
        """The columns that make up the code, in the order in which a customer sees them."""
        return tuple((role, self.positions[role]) for role in CODE_ROLES if role in self.positions)


ONE_COLUMN = Columns(positions={Role.CODE: 0}, headings=(), width=1)


def by_headings(cells: Sequence[str], options: ImportOptions) -> Columns | None:
    """Read the first row as headings; None if it is not headings of a file of keys.

    Raises InvalidInput if two columns claim to be the same.
    """
    named = {role: column for role, column in options.columns.items() if not column.isdigit()}
    numbered = {role: int(n) - 1 for role, n in options.columns.items() if n.isdigit()}
    if any(not any(same_heading(column, cell) for cell in cells) for column in named.values()):
        return None
    positions: dict[Role, int] = {}
    known = 0
    for at, cell in enumerate(cells):
        chosen = [role for role, column in named.items() if same_heading(column, cell)]
        role = chosen[0] if chosen else role_of(cell)
        known += role is not None
        if role is None or role in numbered or at in numbered.values():
            continue
        if role in positions:
            raise InvalidInput(
                _("Two columns look like %(role)s: %(one)s and %(other)s. Say which one it is.")
                % {"role": role.value, "one": cells[positions[role]], "other": cell},
                field="columns",
            )
        if role not in named or chosen:
            positions[role] = at
    positions.update(numbered)
    is_heading = known > 0 or options.has_header is True
    if not is_heading or not _holds_codes(positions) or max(positions.values()) >= len(cells):
        return None
    return Columns(positions=positions, headings=tuple(cells), width=len(cells))


def by_numbers(options: ImportOptions, width: int) -> Columns:
    """The columns as numbered in the options, for a file without headings.

    Raises InvalidInput if a heading was named, a number is outside, or nothing is the code.
    """
    for role, column in options.columns.items():
        if not column.isdigit():
            raise InvalidInput(
                _("There is no column %(column)s for %(role)s.")
                % {"column": column, "role": role.value},
                field="columns",
            )
        if not 1 <= int(column) <= width:
            raise InvalidInput(
                _("There is no column number %(column)s for %(role)s; the file has %(width)d.")
                % {"column": column, "role": role.value, "width": width},
                field="columns",
            )
    positions = {role: int(column) - 1 for role, column in options.columns.items()}
    if not _holds_codes(positions):
        raise InvalidInput(_("Say which column holds the code."), field="columns")
    return Columns(positions=positions, headings=(), width=width)


def by_known_skus(rows: Sequence[Sequence[str]], known_skus: KnownSkus) -> Columns | None:
    """Two columns without headings, of which one holds SKUs of key products and the other none."""
    if not rows or any(len(row) != 2 for row in rows):
        return None
    values = [{row[at].strip() for row in rows} for at in (0, 1)]
    shares = [len(known_skus(column)) / len(column) for column in values]
    for sku, code in ((0, 1), (1, 0)):
        if shares[sku] >= 0.5 and shares[code] == 0:
            return Columns(positions={Role.SKU: sku, Role.CODE: code}, headings=(), width=2)
    return None


def unclear(row: Sequence[str]) -> InvalidInput:
    """The refusal of a file whose columns could be anything. The row may be keys: not shown."""
    return InvalidInput(
        _(
            "The file has %(width)d columns and no headings that say what they hold. Add a first "
            "row such as sku,code or say which column is what."
        )
        % {"width": len(row)},
        field="columns",
    )


def _holds_codes(positions: dict[Role, int]) -> bool:
    return Role.CODE in positions or {Role.USER, Role.PASSWORD} <= positions.keys()
