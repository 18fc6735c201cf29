"""The error tree.

    CdKeysError
    ├── ConfigurationError      the installation lacks or contradicts something
    │   └── EncryptionKeyError  the encryption keys are missing, malformed or unknown
    ├── SealBroken              a sealed value does not open: changed, moved or of another row
    ├── InvalidInput            a person or program sent something unusable; names the field
    ├── InvalidValues           several fields of a form are unusable; says of each what to do
    ├── MoveRefused             a key order may not move from its status to the wanted one
    ├── LeaseLost               another worker owns the key order or delivery now
    └── SupplierError           see suppliers/base.py: Refused, NotSent, OutcomeUnknown, …

Every error has a stable ``code`` for programs, and its text is for merchants: it names the remedy
and never holds a code, a credential or a response body.
"""

from __future__ import annotations

from collections.abc import Mapping


class CdKeysError(Exception):
    """Base of all errors raised by this package."""

    code = "error"


class ConfigurationError(CdKeysError):
    """The installation lacks or contradicts something; the text says how to mend it."""

    code = "configuration"


class EncryptionKeyError(ConfigurationError):
    """The encryption keys are missing, malformed, or lack the one a row was sealed with."""

    code = "encryption_key"


class SealBroken(CdKeysError):
    """A sealed value does not open: it was changed, or belongs to another row."""

    code = "seal_broken"


class InvalidInput(CdKeysError):
    """Unusable input. ``field`` is the name of the offending field as the caller spelled it."""

    code = "invalid"

    def __init__(self, message: str, *, field: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.field = field
        self.code = code


class InvalidValues(CdKeysError):
    """Unusable fields of a form: ``problems`` maps each field to what to do about it."""

    code = "invalid"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class MoveRefused(CdKeysError):
    """A key order may not move from its status to the wanted one."""

    code = "move_refused"

    def __init__(self, *, from_status: str, to_status: str, why: str) -> None:
        super().__init__(f"A key order that is {from_status} cannot become {to_status}: {why}")
        self.from_status = from_status
        self.to_status = to_status
        self.why = why


class LeaseLost(CdKeysError):
    """Another worker owns the row now; whatever this one was about to write must not be written."""

    code = "lease_lost"
