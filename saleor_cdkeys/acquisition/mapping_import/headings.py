"""Which column of a file of mappings holds what, by its heading in English, German or Polish."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Sequence
from enum import StrEnum

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.headings import same_heading
from saleor_cdkeys.acquisition.stock_import.options import DELIMITERS
from saleor_cdkeys.errors import InvalidInput


class Role(StrEnum):
    """What a column holds."""

    SKU = "sku"
    VARIANT = "variant"
    SUPPLIER = "supplier"
    PRODUCT = "supplier_product_id"
    POSITION = "position"
    ACTIVE = "active"
    COUNTRIES = "countries"


_WORDS = {
    Role.SKU: "sku; product sku; variant sku; item number; Artikelnummer; Artikelnr; "
    "numer artykułu; symbol; indeks",
    Role.VARIANT: "variant; variant id; product variant; Variante; Varianten-ID; wariant; "
    "id wariantu",
    Role.SUPPLIER: "supplier; supplier name; account; vendor; Lieferant; Konto; dostawca; konto",
    Role.PRODUCT: "supplier product id; supplier product; product id; supplier sku; offer id; "
    "Produkt-ID; Produkt-ID des Lieferanten; id produktu; id produktu dostawcy",
    Role.POSITION: "position; priority; order; Reihenfolge; Priorität; pozycja; kolejność",
    Role.ACTIVE: "active; is active; enabled; aktiv; aktywne; aktywny",
    Role.COUNTRIES: "countries; country; allowed countries; Länder; Land; kraje; kraj",
}
_MUST = (Role.SUPPLIER, Role.PRODUCT)


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """``positions`` from 0; ``skipped`` records come before the first row."""

    delimiter: str
    positions: dict[Role, int]
    skipped: int


def find_layout(head: str) -> Layout:
    """How the text that begins so is laid out. Raises InvalidInput where headings are missing."""
    first, _newline, rest = head.lstrip().partition("\n")
    declared = first.strip()[4:] if first.lower().startswith("sep=") else ""
    lines = rest if declared else head
    best: dict[Role, int] = {}
    best_delimiter = ","
    for delimiter in (declared,) if len(declared) == 1 else DELIMITERS:
        positions = _positions(_first_record(lines, delimiter))
        if len(positions) > len(best):
            best, best_delimiter = positions, delimiter
    missing = [role.value for role in _MUST if role not in best]
    if Role.SKU not in best and Role.VARIANT not in best:
        missing.insert(0, f"{Role.SKU.value} / {Role.VARIANT.value}")
    if missing:
        raise InvalidInput(
            _("The first row must say what the columns hold. It lacks: %(missing)s.")
            % {"missing": ", ".join(missing)},
            field="file",
        )
    return Layout(best_delimiter, best, skipped=2 if declared else 1)


def _first_record(text: str, delimiter: str) -> list[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        return next((record for record in reader if any(map(str.strip, record))), [])
    except csv.Error:
        return []


def _positions(headings: Sequence[str]) -> dict[Role, int]:
    """Raises InvalidInput if two columns claim to be the same."""
    positions: dict[Role, int] = {}
    for at, heading in enumerate(headings):
        role = _role_of(heading)
        if role is None:
            continue
        if role in positions:
            raise InvalidInput(
                _("Two columns look like %(role)s: %(one)s and %(other)s.")
                % {"role": role.value, "one": headings[positions[role]], "other": heading},
                field="file",
            )
        positions[role] = at
    return positions


def _role_of(heading: str) -> Role | None:
    for role, words in _WORDS.items():
        if any(same_heading(heading, word) for word in words.split(";")):
            return role
    return None
