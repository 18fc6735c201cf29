"""Getting rows into the database: COPY into a table of the transaction, then one INSERT … SELECT.

Ids are drawn as the rows arrive, so that they ascend in the order of the file, in which stock is
sold. The rows are inserted in another order, that of their fingerprints: two imports that meet the
same codes then wait for each other in one direction only, and cannot deadlock.
"""

from __future__ import annotations

import dataclasses

from django.db import connection

_CREATE = """
CREATE TEMPORARY TABLE cdkeys_staged (
    id bigint DEFAULT nextval('saleor_cdkeys_key_id_seq'),
    uid uuid,
    kind text,
    sealed bytea,
    fingerprint bytea,
    hint text,
    key_product_id bigint,
    cost_amount numeric,
    cost_currency text,
    line integer
) ON COMMIT DROP
"""

COLUMNS = "uid, kind, sealed, fingerprint, hint, key_product_id, cost_amount, cost_currency, line"

_COPY = f"COPY cdkeys_staged ({COLUMNS}) FROM STDIN"

_INSERT = f"""
INSERT INTO saleor_cdkeys_key (id, {COLUMNS}, batch_id, status, supplier_key_id, created_at)
SELECT id, {COLUMNS}, %s, 'available', '', now()
FROM cdkeys_staged
ORDER BY fingerprint, id
ON CONFLICT (fingerprint) DO NOTHING
"""  # noqa: S608 - the names are constants

# The join is lateral so that each fingerprint is looked up in the index, however large the stock.
_KNOWN = """
SELECT staged.line, known.batch_id, known.line
FROM cdkeys_staged AS staged
LEFT JOIN LATERAL (
    SELECT key.id, key.batch_id, key.line
    FROM saleor_cdkeys_key AS key
    WHERE key.fingerprint = staged.fingerprint
    LIMIT 1
) AS known ON true
WHERE known.id IS DISTINCT FROM staged.id
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """``created`` keys are new. ``known`` tells of the others, by their line: the line where the
    same code stands first in this file, or None if it came from elsewhere."""

    created: int
    known: dict[int, int | None]


def fill(copy_lines: str) -> None:
    """Open the table of this transaction, and put rows into it."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        with cursor.copy(_COPY) as copy:
            copy.write(copy_lines)


def store(*, count: int, batch_id: int) -> Stored:
    """Make keys of those of the ``count`` rows put in that nobody knows yet."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [batch_id])
        created: int = cursor.rowcount
        known: dict[int, int | None] = {}
        if created < count:
            cursor.execute(_KNOWN)
            known = {
                line: first_line if batch == batch_id else None
                for line, batch, first_line in cursor.fetchall()
            }
        # Needed where the transaction goes on: the caller may have opened an outer one.
        cursor.execute("DROP TABLE cdkeys_staged")
    return Stored(created, known)
