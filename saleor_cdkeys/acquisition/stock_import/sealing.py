"""Sealing the codes of rows, in the form in which they are copied into the database."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable

from saleor_cdkeys.acquisition.stock_import.rows import Row
from saleor_cdkeys.vault import Keyring, key_context

# What PostgreSQL's text form of COPY wants escaped.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclasses.dataclass(slots=True)
class SealedRows:
    """Rows with the lines that COPY takes for those of them that are to be stored.

    The columns are those of ``staging.COLUMNS``.
    """

    rows: list[Row]
    stored: list[Row]
    copy_lines: str


def seal_rows(rows: list[Row], *, ring: Keyring) -> SealedRows:
    stored = [row for row in rows if row.outcome is None]
    return SealedRows(rows, stored, "".join(_copy_lines(stored, ring)))


def _copy_lines(rows: Iterable[Row], ring: Keyring) -> Iterable[str]:
    for row in rows:
        code = row.code
        assert code is not None
        uid = uuid.uuid4()
        sealed = ring.seal(code.to_bytes(), context=key_context(uid)).hex()
        fingerprint = ring.fingerprint(code.identity()).hex()
        hint = code.hint
        if not hint.isalnum():
            hint = hint.translate(_ESCAPES)
        cost = "\\N" if row.cost is None else str(row.cost)
        yield (
            f"{uid.hex}\t{code.kind.value}\t\\\\x{sealed}\t\\\\x{fingerprint}\t{hint}"
            f"\t{row.key_product_id}\t{cost}\t{row.currency}\t{row.line}\n"
        )
