"""Importing: the rows of a source become keys in stock, a chunk at a time.

Each chunk is committed by itself with the counts of the batch, so that a crash leaves the batch
with exactly what it says; importing the same file again then adds what is missing. A batch that is
undone while it is still being imported stops at the next chunk.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from saleor_cdkeys import vault
from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.acquisition.stock_import import staging
from saleor_cdkeys.acquisition.stock_import.options import ImportOptions
from saleor_cdkeys.acquisition.stock_import.outcomes import (
    DUPLICATES,
    Outcome,
    Progress,
    RowReport,
)
from saleor_cdkeys.acquisition.stock_import.products import Products, known_skus
from saleor_cdkeys.acquisition.stock_import.reading import Reading, open_rows
from saleor_cdkeys.acquisition.stock_import.rows import Row
from saleor_cdkeys.acquisition.stock_import.sealing import SealedRows, seal_rows
from saleor_cdkeys.acquisition.stock_import.source import Source
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.models import KeyBatch, KeyOrder
from saleor_cdkeys.statuses import QUEUED_FOR_KEYS, BatchStatus, KeyOrderStatus
from saleor_cdkeys.values import Actor

#: Rows that are committed together.
CHUNK_ROWS = 10_000


class ImportStopped(CdKeysError):
    """The batch was undone while it was being imported; nothing more goes in."""

    code = "import_stopped"


def import_keys(
    *,
    source: Source,
    options: ImportOptions,
    actor: Actor,
    name: str = "",
    progress: Callable[[Progress], None] | None = None,
    report: Callable[[RowReport], None] | None = None,
) -> KeyBatch:
    """Store the keys of a source that are not known yet, and wake the orders that wait for them.

    ``progress`` is called after each chunk, ``report`` for each row in the order of the file; an
    error that they raise ends the import. Raises InvalidInput before anything is written if the
    file cannot be understood, and EncryptionKeyError; ImportStopped if the batch was undone
    meanwhile. After any error the batch stays, FAILED, with what is in.
    """
    ring = vault.keyring()
    products = Products(options)
    with open_rows(source, options=options, known_skus=known_skus) as reading:
        batch = KeyBatch.objects.create(
            name=(name or source.name)[:255], user_id=actor.user_id, app_id=actor.app_id
        )
        try:
            with contextlib.closing(_stored_chunks(batch, reading, products, ring)) as chunks:
                for chunk in chunks:
                    _wake({row.key_product_id for row in chunk.stored if row.outcome is None})
                    if report is not None:
                        for row in chunk.rows:
                            report(row.report())
                    if progress is not None:
                        progress(_progress(batch, reading))
        except BaseException:
            # The connection may be what failed; then the batch stays RUNNING, with what is in.
            with contextlib.suppress(DatabaseError):
                _finish(batch, BatchStatus.FAILED)
            raise
    _finish(batch, BatchStatus.DONE)
    return batch


def _stored_chunks(
    batch: KeyBatch, reading: Reading, products: Products, ring: vault.Keyring
) -> Generator[SealedRows, None, None]:
    """Store chunk after chunk. While the database works on one, the next is sealed and read."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    with ThreadPoolExecutor(1, initializer=translation.activate, initargs=(language,)) as worker:
        first = _read(reading.rows)
        products.assign(first)
        chunk, upcoming = _prepare(first, reading.rows, ring)
        while chunk.rows:
            products.assign(upcoming)
            with transaction.atomic():
                staging.fill(chunk.copy_lines)
                # Not earlier: it would keep the interpreter from feeding the database.
                job = worker.submit(_prepare, upcoming, reading.rows, ring)
                _store(batch, chunk)
            yield chunk
            chunk, upcoming = job.result()


def _read(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, CHUNK_ROWS))


def _prepare(
    rows: list[Row], further: Iterator[Row], ring: vault.Keyring
) -> tuple[SealedRows, list[Row]]:
    """Seal these rows, and read the ones after them."""
    return seal_rows(rows, ring=ring), _read(further)


def _store(batch: KeyBatch, chunk: SealedRows) -> None:
    """Store a chunk that was put into the staging table, and count it. Raises ImportStopped."""
    _note_known(chunk.stored, staging.store(count=len(chunk.stored), batch_id=batch.pk))
    outcomes = Counter(row.outcome for row in chunk.rows)
    created = outcomes[None]
    duplicates = sum(outcomes[outcome] for outcome in DUPLICATES)
    counts = {
        "row_count": len(chunk.rows),
        "created_count": created,
        "duplicate_count": duplicates,
        "rejected_count": len(chunk.rows) - created - duplicates,
    }
    # Comes last, and nothing is kept where it fails: undo sets the status before it looks.
    is_running = KeyBatch.objects.filter(pk=batch.pk, status=BatchStatus.RUNNING).update(
        **{name: F(name) + count for name, count in counts.items()}
    )
    if not is_running:
        raise ImportStopped(_("The import was undone while it was running."))
    for name, count in counts.items():
        setattr(batch, name, getattr(batch, name) + count)


def _note_known(rows: list[Row], stored: staging.Stored) -> None:
    if not stored.known:
        return
    for row in rows:
        if row.line in stored.known:
            row.first_line = stored.known[row.line]
            row.outcome = (
                Outcome.DUPLICATE_IN_STOCK if row.first_line is None else Outcome.DUPLICATE_IN_FILE
            )


def _wake(key_product_ids: set[int]) -> None:
    """Wake those who wait for keys that came in; most products have nobody waiting."""
    waiting = KeyOrder.objects.filter(
        key_product_id__in=key_product_ids,
        status=KeyOrderStatus.WAITING,
        reason__in=QUEUED_FOR_KEYS,
    )
    for key_product_id in waiting.order_by().values_list("key_product_id", flat=True).distinct():
        stock.wake_waiting(key_product_id=key_product_id)


def _progress(batch: KeyBatch, reading: Reading) -> Progress:
    return Progress(
        batch_id=batch.pk,
        row_count=batch.row_count,
        created_count=batch.created_count,
        duplicate_count=batch.duplicate_count,
        rejected_count=batch.rejected_count,
        fraction=reading.fraction(),
    )


def _finish(batch: KeyBatch, status: BatchStatus) -> None:
    """Close the batch, unless it was undone meanwhile."""
    batch.finished_at = timezone.now()
    running = KeyBatch.objects.filter(pk=batch.pk, status=BatchStatus.RUNNING)
    if running.update(status=status, finished_at=batch.finished_at):
        batch.status = status
    else:
        batch.refresh_from_db()
