"""The shop's own keys: handing them out, taking them back, waking those who wait.

A key is assigned under a row lock that others skip (SKIP LOCKED), so workers never wait for each
other, and the database's constraints refuse a second live key for a unit. Keys go out in the order
of their import.
"""

from __future__ import annotations

import uuid

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from saleor_cdkeys import lease, timeline
from saleor_cdkeys.models import Key, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import (
    QUEUED_FOR_KEYS,
    EventType,
    KeyOrderStatus,
    KeyStatus,
    UnitStatus,
)

# How many of those before it in the queue a key order looks at.
_LOOK_AHEAD = 1000

# One statement per key order: the lowest free keys are locked, numbered and joined to the open
# units in order; a unit or key that lost its partner stays as it is.
_ASSIGN = """
WITH free AS (
    SELECT id FROM saleor_cdkeys_key
    WHERE key_product_id = %(product)s AND status = 'available'
      AND (purchase_id IS NOT NULL OR NOT %(bought_only)s)
    ORDER BY id LIMIT %(wanted)s FOR UPDATE SKIP LOCKED
), numbered_free AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM free
), open_unit AS (
    SELECT id, row_number() OVER (ORDER BY number) AS n FROM saleor_cdkeys_keyunit
    WHERE key_order_id = %(key_order)s AND status = 'open'
), assigned AS (
    UPDATE saleor_cdkeys_key AS key SET status = 'assigned', unit_id = open_unit.id
    FROM numbered_free JOIN open_unit USING (n)
    WHERE key.id = numbered_free.id
    RETURNING key.unit_id
)
UPDATE saleor_cdkeys_keyunit AS unit SET status = 'filled'
FROM assigned WHERE unit.id = assigned.unit_id
"""


def allocate(*, key_order_id: int, lease_token: uuid.UUID, bought_only: bool = False) -> int:
    """Give free keys to the open units of a key order; returns how many it got.

    Those who wait longer for the same product come first: what they need is left for them.
    ``bought_only``: only those that were bought from a supplier and found no buyer. Raises
    LeaseLost.
    """
    with transaction.atomic():
        key_order = lease.lock_owned(key_order_id=key_order_id, lease_token=lease_token)
        wanted = key_order.units.filter(status=UnitStatus.OPEN).count()
        wanted = min(wanted, _left_for(key_order, wanted, bought_only=bought_only))
        if wanted == 0:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                _ASSIGN,
                {
                    "product": key_order.key_product_id,
                    "key_order": key_order_id,
                    "wanted": wanted,
                    "bought_only": bought_only,
                },
            )
            got: int = cursor.rowcount
        if got:
            timeline.record(
                key_order_id=key_order_id, type=EventType.KEYS_ASSIGNED, data={"count": got}
            )
        return got


def _left_for(key_order: KeyOrder, wanted: int, *, bought_only: bool) -> int:
    """How many keys are free beyond what those before it in the queue need."""
    me = key_order.paid_at or key_order.created_at
    before = (
        _queue(key_order.key_product_id)
        .filter(Q(paid_at__lt=me) | Q(paid_at=me, id__lt=key_order.pk))
        .order_by("paid_at", "id")[:_LOOK_AHEAD]
    )
    open_units = KeyUnit.objects.filter(status=UnitStatus.OPEN)
    ahead = open_units.filter(key_order__in=before.values("pk")).count()
    if ahead == 0:
        return wanted
    free = _count_free(key_order.key_product_id, at_most=ahead + wanted, bought_only=bought_only)
    return max(0, free - ahead)


def _count_free(key_product_id: int, *, at_most: int, bought_only: bool = False) -> int:
    free = Key.objects.filter(key_product_id=key_product_id, status=KeyStatus.AVAILABLE)
    if bought_only:
        free = free.filter(purchase__isnull=False)
    return free.order_by()[:at_most].count()


def _queue(key_product_id: int) -> QuerySet[KeyOrder]:
    return KeyOrder.objects.filter(
        key_product_id=key_product_id,
        status=KeyOrderStatus.WAITING,
        reason__in=QUEUED_FOR_KEYS,
    )


def wake_waiting(*, key_product_id: int, limit: int = 1000) -> int:
    """Make due those who wait for keys of a product, the longest waiting first.

    Call it after keys came in. As many are woken as there are free keys, at most ``limit``; the
    sweeper wakes the rest. Returns how many.
    """
    with transaction.atomic():
        count = _count_free(key_product_id, at_most=limit)
        ids = list(
            _queue(key_product_id)
            .order_by(F("paid_at").asc(nulls_last=True), "id")
            .select_for_update(skip_locked=True, no_key=True)
            .values_list("pk", flat=True)[:count]
        )
        if not ids:
            return 0
        return KeyOrder.objects.filter(pk__in=ids).update(next_run_at=timezone.now())


def release_unexposed(*, key_order_id: int) -> int:
    """Take keys that never left off the undelivered units of a key order, back into stock.

    Call it inside the transaction that calls the key order off. Keys that did leave are
    quarantined: they are never sold again by themselves. Returns how many went back.
    """
    held = Key.objects.filter(unit__key_order_id=key_order_id, status=KeyStatus.ASSIGNED).exclude(
        unit__status=UnitStatus.DELIVERED
    )
    locked = list(held.select_for_update(of=("self",)).values_list("pk", "exposed_at"))
    fresh = [pk for pk, exposed_at in locked if exposed_at is None]
    seen = [pk for pk, exposed_at in locked if exposed_at is not None]
    Key.objects.filter(pk__in=seen).update(status=KeyStatus.QUARANTINED)
    return Key.objects.filter(pk__in=fresh).update(status=KeyStatus.AVAILABLE, unit=None)
