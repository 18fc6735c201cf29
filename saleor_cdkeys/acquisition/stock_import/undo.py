"""Taking an import back, as far as its keys were neither sold nor seen."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.outcomes import UndoResult
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Key, KeyBatch
from saleor_cdkeys.statuses import BatchStatus, KeyStatus
from saleor_cdkeys.values import Actor

#: Keys that are removed together.
CHUNK_KEYS = 5000

_NEXT = """
SELECT id FROM saleor_cdkeys_key
WHERE batch_id = %(batch)s AND id > %(after)s AND status = 'available'
ORDER BY id LIMIT %(limit)s
"""
# A key that is just being allotted is waited for, and then read anew: sold keys stay. So does a
# key that anybody looked at, whatever its status says.
_REMOVE = """
DELETE FROM saleor_cdkeys_key AS key
WHERE key.id = ANY(%s) AND key.status = 'available' AND key.exposed_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM saleor_cdkeys_keyaccess AS access WHERE access.key_id = key.id)
"""


def count_removable(batch_id: int) -> int:
    """How many keys of a batch undo would remove now."""
    return Key.objects.filter(batch_id=batch_id, status=KeyStatus.AVAILABLE).count()


def undo_batch(*, batch_id: int, actor: Actor) -> UndoResult:
    """Remove the keys of a batch that are free and were never exposed; the others stay.

    May be repeated, as keys can come back to stock. An import of this batch that is still running
    stops. Raises InvalidInput if there is no such batch.
    """
    if not _mark_undone(batch_id, actor):
        raise InvalidInput(
            _("There is no import number %d.") % batch_id, field="batch", code="not_found"
        )
    removed = after = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NEXT, {"batch": batch_id, "after": after, "limit": CHUNK_KEYS})
            ids = [pk for (pk,) in cursor.fetchall()]
            if not ids:
                break
            after = ids[-1]
            cursor.execute(_REMOVE, [ids])
            KeyBatch.objects.filter(pk=batch_id).update(
                removed_count=F("removed_count") + cursor.rowcount
            )
            removed += cursor.rowcount
    return UndoResult(
        batch_id=batch_id,
        removed_count=removed,
        kept_count=Key.objects.filter(batch_id=batch_id).count(),
    )


def _mark_undone(batch_id: int, actor: Actor) -> bool:
    return bool(
        KeyBatch.objects.filter(pk=batch_id).update(
            status=BatchStatus.UNDONE,
            undone_at=timezone.now(),
            undone_user_id=actor.user_id,
            undone_app_id=actor.app_id,
        )
    )
