"""Looking at a file without storing anything: what an import of it would come to."""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import islice

from django.db import connection, transaction

from saleor_cdkeys import vault
from saleor_cdkeys.acquisition.stock_import.options import ImportOptions
from saleor_cdkeys.acquisition.stock_import.outcomes import Outcome, RowReport
from saleor_cdkeys.acquisition.stock_import.products import Products, known_skus
from saleor_cdkeys.acquisition.stock_import.reading import Layout, open_rows
from saleor_cdkeys.acquisition.stock_import.rows import Row
from saleor_cdkeys.acquisition.stock_import.source import Source
from saleor_cdkeys.models import KeyProduct

#: Rows shown of those that would go in, and of those that would not.
SAMPLE_ROWS = 10
SAMPLE_PROBLEMS = 100

_CHUNK_ROWS = 5000

# The fingerprints met so far live in the database: a set of a million would not fit our memory.
_CREATE = """
CREATE TEMPORARY TABLE cdkeys_seen (fingerprint bytea PRIMARY KEY, line integer) ON COMMIT DROP;
CREATE TEMPORARY TABLE cdkeys_looked_at (fingerprint bytea, line integer) ON COMMIT DROP
"""
_KNOWN = """
SELECT looked_at.line
FROM cdkeys_looked_at AS looked_at
CROSS JOIN LATERAL (
    SELECT 1 FROM saleor_cdkeys_key AS key
    WHERE key.fingerprint = looked_at.fingerprint
    LIMIT 1
) AS known
"""
_NOTE_SEEN = """
INSERT INTO cdkeys_seen SELECT fingerprint, line FROM cdkeys_looked_at ORDER BY line
ON CONFLICT (fingerprint) DO NOTHING
"""
_SEEN = """
SELECT looked_at.line, seen.line
FROM cdkeys_looked_at AS looked_at JOIN cdkeys_seen AS seen USING (fingerprint)
WHERE seen.line <> looked_at.line
"""
_DROP = "DROP TABLE cdkeys_seen, cdkeys_looked_at"


@dataclasses.dataclass(frozen=True, slots=True)
class ProductCount:
    """How many new keys a key product would get."""

    key_product_id: int
    sku: str
    name: str
    new_count: int


@dataclasses.dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do. ``samples`` are the first rows that would go in, ``problems`` the
    first that would not; both without their codes. Each row counts in exactly one of the counts."""

    layout: Layout
    row_count: int
    new_count: int
    counts: dict[Outcome, int]
    products: tuple[ProductCount, ...]
    samples: tuple[RowReport, ...]
    problems: tuple[RowReport, ...]


def preview(*, source: Source, options: ImportOptions) -> ImportPreview:
    """What importing this source would come to; nothing is stored.

    Raises InvalidInput if the file cannot be understood, and EncryptionKeyError.
    """
    ring = vault.keyring()
    products = Products(options)
    counts: Counter[Outcome | None] = Counter()
    new: Counter[int] = Counter()
    samples: list[RowReport] = []
    problems: list[RowReport] = []
    with (
        open_rows(source, options=options, known_skus=known_skus) as reading,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(_CREATE)
        while rows := list(islice(reading.rows, _CHUNK_ROWS)):
            products.assign(rows)
            _find_duplicates([row for row in rows if row.outcome is None], ring)
            for row in rows:
                counts[row.outcome] += 1
                if row.outcome is None:
                    new[row.key_product_id] += 1
                    if len(samples) < SAMPLE_ROWS:
                        samples.append(row.report())
                elif len(problems) < SAMPLE_PROBLEMS:
                    problems.append(row.report())
        cursor.execute(_DROP)
    new_count = counts.pop(None, 0)
    return ImportPreview(
        layout=reading.layout,
        row_count=new_count + counts.total(),
        new_count=new_count,
        counts={outcome: count for outcome, count in counts.items() if outcome is not None},
        products=_product_counts(new),
        samples=tuple(samples),
        problems=tuple(problems),
    )


def _find_duplicates(rows: list[Row], ring: vault.Keyring) -> None:
    """Refuse the rows whose code is in stock, or stands above in the file."""
    by_line = {row.line: row for row in rows}
    with connection.cursor() as cursor:
        with cursor.copy("COPY cdkeys_looked_at FROM STDIN") as copy:
            for row in rows:
                assert row.code is not None
                copy.write_row((ring.fingerprint(row.code.identity()), row.line))
        cursor.execute(_KNOWN)
        for (line,) in cursor.fetchall():
            by_line[line].refuse(Outcome.DUPLICATE_IN_STOCK)
        cursor.execute(_NOTE_SEEN)
        if cursor.rowcount < len(rows):
            cursor.execute(_SEEN)
            for line, first_line in cursor.fetchall():
                row = by_line[line]
                if row.outcome is None:
                    row.refuse(Outcome.DUPLICATE_IN_FILE)
                    row.first_line = first_line
        cursor.execute("TRUNCATE cdkeys_looked_at")


def _product_counts(new: Counter[int]) -> tuple[ProductCount, ...]:
    products = KeyProduct.objects.in_bulk(new.keys())
    return tuple(
        ProductCount(pk, products[pk].sku, products[pk].name, count)
        for pk, count in new.most_common()
    )
