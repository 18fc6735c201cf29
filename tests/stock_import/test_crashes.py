"""A worker that dies in the middle of an import leaves a batch that says what is in."""

from __future__ import annotations

import signal

import pytest

from saleor_cdkeys.acquisition.stock_import import (
    ImportOptions,
    Source,
    import_keys,
    importing,
    staging,
    undo_batch,
)
from saleor_cdkeys.models import Key, KeyBatch
from saleor_cdkeys.statuses import BatchStatus
from saleor_cdkeys.values import SYSTEM
from tests.stock_import.files import codes_of, run_import
from tests.stock_import.processes import kill_myself, run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CODES = [f"AAAA-{n:04d}" for n in range(50)]


def import_until_killed(*, killed_at):
    """Import in chunks of ten; die in the third, ``before_commit`` or ``after_commit``."""

    def progress(done):
        if killed_at == "after_commit" and done.row_count == 30:
            kill_myself()

    store = staging.store

    def store_and_die(**arguments):
        stored = store(**arguments)
        if killed_at == "before_commit" and Key.objects.count() == 30:
            kill_myself()
        return stored

    def job():
        staging.store = store_and_die
        import_keys(
            source=Source.from_text("\n".join(CODES)),
            options=ImportOptions(default_sku="GAME-A"),
            actor=SYSTEM,
            progress=progress,
        )

    assert run_at_once(job) == [-signal.SIGKILL]


@pytest.mark.parametrize(("killed_at", "stored"), [("before_commit", 20), ("after_commit", 30)])
def test_killed_import_keeps_whole_chunks_and_the_next_one_adds_the_rest(
    games, monkeypatch, killed_at, stored
):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 10)

    import_until_killed(killed_at=killed_at)

    broken = KeyBatch.objects.get()
    assert broken.status == BatchStatus.RUNNING
    assert (broken.row_count, broken.created_count) == (stored, stored)
    assert codes_of(games.a) == CODES[:stored]

    again, _rows = run_import("\n".join(CODES), default_sku="GAME-A")

    assert (again.created_count, again.duplicate_count) == (50 - stored, stored)
    assert codes_of(games.a) == CODES


def test_killed_import_can_be_undone(games, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 10)
    import_until_killed(killed_at="after_commit")

    result = undo_batch(batch_id=KeyBatch.objects.get().pk, actor=SYSTEM)

    assert result.removed_count == 30
    assert not Key.objects.exists()
    assert KeyBatch.objects.get().status == BatchStatus.UNDONE
