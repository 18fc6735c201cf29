"""A batch says exactly what is in, whatever happened; importing again adds only what is missing."""

from __future__ import annotations

import pytest

from saleor_cdkeys import vault
from saleor_cdkeys.acquisition.stock_import import (
    ImportOptions,
    ImportStopped,
    Source,
    import_keys,
    importing,
    undo_batch,
)
from saleor_cdkeys.errors import EncryptionKeyError
from saleor_cdkeys.models import Key, KeyBatch, KeyOrder
from saleor_cdkeys.statuses import BatchStatus, KeyStatus, Reason
from saleor_cdkeys.values import SYSTEM, Actor
from tests.factories.cdkeys import buy, key_orders, run
from tests.stock_import.files import codes_of, run_import

pytestmark = pytest.mark.django_db

TEN = "sku,code\n" + "".join(f"GAME-A,AAAA-{n:04d}\n" for n in range(10))


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 4)


def start(file=TEN, *, progress=None, report=None, actor=SYSTEM, name=""):
    return import_keys(
        source=Source.from_text(file, name="keys.csv"),
        options=ImportOptions(),
        actor=actor,
        name=name,
        progress=progress,
        report=report,
    )


def test_batch_names_its_file_and_who_imported_it():
    batch = start(file="sku,code\n", actor=Actor(user_id=7))

    assert (batch.name, batch.user_id, batch.app_id) == ("keys.csv", 7, None)
    assert batch.status == BatchStatus.DONE
    assert batch.finished_at is not None
    assert start(file="sku,code\n", actor=Actor(app_id=8), name="March").name == "March"


def test_keys_are_sealed_for_their_row_and_found_by_fingerprint(games):
    batch = start()

    key = Key.objects.order_by("id").first()
    assert key.status == KeyStatus.AVAILABLE
    assert key.batch_id == batch.pk
    assert key.hint == "0000"
    assert bytes(key.fingerprint) == vault.keyring().fingerprint(b"AAAA-0000")
    assert b"AAAA" not in bytes(key.sealed)
    assert vault.open_code(key.sealed, uid=key.uid).text == "AAAA-0000"
    assert Key.objects.values("uid").distinct().count() == 10


def test_progress_counts_what_is_committed(games):
    seen = []

    start(progress=lambda progress: seen.append((progress.row_count, Key.objects.count())))

    assert seen == [(4, 4), (8, 8), (10, 10)]


def test_progress_says_how_much_of_the_file_was_read(games):
    fractions = []

    start(progress=lambda progress: fractions.append(progress.fraction))

    assert fractions == [1.0, 1.0, 1.0]


def test_rows_are_reported_after_they_are_in(games):
    stored_by_then = []

    def report(row):
        stored_by_then.append((row.line, Key.objects.filter(line=row.line).exists()))

    start(report=report)

    assert stored_by_then == [(line, True) for line in range(2, 12)]


def test_error_in_the_middle_keeps_what_is_in_and_a_second_import_adds_the_rest(games):
    def fail_at_eight(progress):
        if progress.row_count == 8:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        start(progress=fail_at_eight)

    broken = KeyBatch.objects.get()
    assert broken.status == BatchStatus.FAILED
    assert broken.finished_at is not None
    assert (broken.row_count, broken.created_count) == (8, 8)
    assert codes_of(games.a) == [f"AAAA-{n:04d}" for n in range(8)]

    again, rows = run_import(TEN)

    assert (again.created_count, again.duplicate_count) == (2, 8)
    assert {row.outcome.value for row in rows[:8]} == {"duplicate_in_stock"}
    assert codes_of(games.a) == [f"AAAA-{n:04d}" for n in range(10)]


def test_interruption_by_keyboard_closes_the_batch(games):
    def interrupt(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start(progress=interrupt)

    assert KeyBatch.objects.get().status == BatchStatus.FAILED


def test_import_stops_when_its_batch_is_undone_meanwhile(games):
    def undo_after_first_chunk(progress):
        if progress.row_count == 4:
            undo_batch(batch_id=KeyBatch.objects.get().pk, actor=SYSTEM)

    with pytest.raises(ImportStopped):
        start(progress=undo_after_first_chunk)

    batch = KeyBatch.objects.get()
    assert batch.status == BatchStatus.UNDONE
    assert (batch.created_count, batch.removed_count) == (4, 4)
    assert not Key.objects.exists()


def test_without_encryption_keys_nothing_begins(games, settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    with pytest.raises(EncryptionKeyError):
        start()

    assert not KeyBatch.objects.exists()


def test_many_rows_cost_few_queries(games, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 1000)
    file = "sku,code\n" + "".join(f"GAME-{'AB'[n % 2]},AAAA-{n:04d}\n" for n in range(1000))

    # Batch: opened, closed. SKUs: variants, key products. The chunk: savepoint, table, copy,
    # insert, drop, counts, release, who waits.
    with django_assert_num_queries(12):
        start(file=file)

    assert Key.objects.count() == 1000


def test_orders_that_waited_for_keys_get_them(games, channel):
    order = buy(channel=channel, lines=[(games.a, 3)])
    run(order)
    assert key_orders(order)[0].reason == Reason.OUT_OF_STOCK
    waiting_since = key_orders(order)[0].next_run_at

    start()

    woken = KeyOrder.objects.get(order_id=order.pk)
    assert woken.next_run_at is not None
    assert woken.next_run_at != waiting_since
    run(order)
    sold = Key.objects.filter(unit__key_order=woken).order_by("unit__number")
    assert [vault.open_code(key.sealed, uid=key.uid).text for key in sold] == [
        "AAAA-0000",
        "AAAA-0001",
        "AAAA-0002",
    ]
