"""Our errors as Saleor's `errors { field message code }`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from saleor_cdkeys.errors import CdKeysError, InvalidInput, InvalidValues, MoveRefused
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, BaseEnum, Error

_MEANINGS = {
    "graphql_error": "An id is malformed, or of another type.",
    "invalid": "The value cannot be used; the message says what can.",
    "required": "The value is missing.",
    "not_found": "There is no such object.",
    "unique": "It exists already.",
    "in_use": "It was used and must stay. Switch it off instead.",
    "duplicate": "The code is known already: it was imported, bought or entered before.",
    "too_many": "More was given than is owed.",
    "too_large": "The file or text is larger than a request may bring.",
    "not_payable": "The order is not paid in full and confirmed, or was called off.",
    "move_refused": "The status of the key order does not allow it.",
    "busy": "A worker owns the key order at this moment. Try again.",
    "not_open": "The purchase is clear already; there is nothing to decide.",
    "purchase_open": "A purchase for the key order is not clear yet.",
    "import_stopped": "The import was undone while it ran.",
    "lease_lost": "A worker took the row over meanwhile. Try again.",
    "configuration": "The installation lacks or contradicts something; the message says what.",
    "encryption_key": "The encryption keys are missing, malformed, or lack the one that is needed.",
    "seal_broken": "A stored value does not open: it was changed outside the plugin.",
}


class CdKeyErrorCode(BaseEnum):
    GRAPHQL_ERROR = "graphql_error"
    INVALID = "invalid"
    REQUIRED = "required"
    NOT_FOUND = "not_found"
    UNIQUE = "unique"
    IN_USE = "in_use"
    DUPLICATE = "duplicate"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    NOT_PAYABLE = "not_payable"
    MOVE_REFUSED = "move_refused"
    BUSY = "busy"
    NOT_OPEN = "not_open"
    PURCHASE_OPEN = "purchase_open"
    IMPORT_STOPPED = "import_stopped"
    LEASE_LOST = "lease_lost"
    CONFIGURATION = "configuration"
    ENCRYPTION_KEY = "encryption_key"
    SEAL_BROKEN = "seal_broken"

    class Meta:
        description = "What went wrong, for programs."
        doc_category = DOC_CATEGORY_ORDERS

    @property
    def description(self) -> str:
        return _MEANINGS[self.value]


class CdKeyError(Error):
    code = CdKeyErrorCode(required=True, description="What went wrong, for programs.")

    class Meta:
        description = "Why a mutation did nothing."
        doc_category = DOC_CATEGORY_ORDERS


def errors_of(error: CdKeysError, *, renamed: Mapping[str, str] | None = None) -> list[CdKeyError]:
    """The errors that a mutation answers. ``renamed``: service's name of a field → caller's."""
    if isinstance(error, InvalidValues):
        return [
            _error(renamed, field, message, error.code) for field, message in error.problems.items()
        ]
    field = None
    if isinstance(error, InvalidInput):
        field = error.field
    elif isinstance(error, MoveRefused):
        field = "id"
    return [_error(renamed, field, str(error), error.code)]


def _error(
    renamed: Mapping[str, str] | None, field: str | None, message: str, code: str
) -> CdKeyError:
    if field is not None:
        field = _camel((renamed or {}).get(field, field))
    # An adapter of another package may have words of its own.
    known = code if code in _MEANINGS else "invalid"
    return CdKeyError(field=field, message=message, code=known)


def _camel(name: str) -> str:
    """camelCase up to the first dot: what follows is a name of the caller's own."""
    head, dot, own = name.partition(".")
    return re.sub("_([a-z0-9])", lambda match: match[1].upper(), head) + dot + own
