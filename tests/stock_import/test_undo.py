"""An import can be taken back as far as its keys are still ours alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.stock_import import undo, undo_batch
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Key, KeyAccess, KeyBatch
from saleor_cdkeys.statuses import AccessKind, BatchStatus, KeyStatus
from saleor_cdkeys.values import Actor
from tests.factories.cdkeys import add_keys, buy, run
from tests.stock_import.files import codes_of, run_import

pytestmark = pytest.mark.django_db

STAFF = Actor(user_id=5)


def five_keys(games):
    batch, _rows = run_import("\n".join(f"AAAA-{n:04d}" for n in range(5)), default_sku="GAME-A")
    return batch


def test_keys_that_nobody_had_go_and_it_is_recorded_who_did_it(games, monkeypatch):
    monkeypatch.setattr(undo, "CHUNK_KEYS", 2)
    add_keys(games.a, "OTHER-0001")
    batch = five_keys(games)

    result = undo_batch(batch_id=batch.pk, actor=STAFF)

    assert (result.removed_count, result.kept_count) == (5, 0)
    assert codes_of(games.a) == ["OTHER-0001"]
    batch.refresh_from_db()
    assert batch.status == BatchStatus.UNDONE
    assert (batch.created_count, batch.removed_count) == (5, 5)
    assert (batch.undone_user_id, batch.undone_app_id) == (5, None)
    assert batch.undone_at is not None


def test_sold_exposed_and_seen_keys_stay(games, channel):
    batch = five_keys(games)
    run(buy(channel=channel, lines=[(games.a, 2)]))
    keys = list(Key.objects.filter(batch=batch).order_by("id"))
    assert [key.status for key in keys[:2]] == [KeyStatus.ASSIGNED] * 2
    Key.objects.filter(pk=keys[2].pk).update(
        status=KeyStatus.QUARANTINED, exposed_at=timezone.now()
    )
    KeyAccess.objects.create(key=keys[3], kind=AccessKind.STAFF_REVEAL, user_id=1)

    result = undo_batch(batch_id=batch.pk, actor=STAFF)

    assert (result.removed_count, result.kept_count) == (1, 4)
    assert set(Key.objects.filter(batch=batch)) == set(keys[:4])


def test_undo_can_be_repeated_when_keys_came_back(games):
    batch = five_keys(games)
    sold = Key.objects.filter(batch=batch).order_by("id").first()
    Key.objects.filter(pk=sold.pk).update(status=KeyStatus.QUARANTINED)
    undo_batch(batch_id=batch.pk, actor=STAFF)
    Key.objects.filter(pk=sold.pk).update(status=KeyStatus.AVAILABLE)

    again = undo_batch(batch_id=batch.pk, actor=Actor(app_id=9))
    once_more = undo_batch(batch_id=batch.pk, actor=Actor(app_id=9))

    assert (again.removed_count, again.kept_count) == (1, 0)
    assert (once_more.removed_count, once_more.kept_count) == (0, 0)
    batch.refresh_from_db()
    assert batch.removed_count == 5
    assert (batch.undone_user_id, batch.undone_app_id) == (None, 9)


def test_file_can_be_imported_again_after_undo(games):
    undo_batch(batch_id=five_keys(games).pk, actor=STAFF)

    assert five_keys(games).created_count == 5


def test_unknown_batch_is_refused(games):
    with pytest.raises(InvalidInput) as refusal:
        undo_batch(batch_id=12345, actor=STAFF)

    assert refusal.value.field == "batch"
    assert not KeyBatch.objects.exists()
