"""The shop's own keys: handing them out, taking them back, waking those who wait.

A key is assigned under a row lock that others skip (SKIP LOCKED), so workers never wait for each
other, and the database's constraints refuse a second live key for a unit. Keys go out in the order
of their import.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys.acquisition import stock_sql as sql
from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.models import Key, KeyOrder, KeyProduct
from saleor_cdkeys.statuses import QUEUED_FOR_KEYS, KeyOrderStatus, KeyStatus, Reason, UnitStatus

# How many of those before it in the queue a key order looks at.
_LOOK_AHEAD = 1000
# What ``sql.ALLOCATE`` says where somebody is before it in the queue.
_IS_BEHIND = -1


def allocate(*, key_order_id: int, lease_token: uuid.UUID, bought_only: bool = False) -> int:
    """Give free keys to the open units of a key order; returns how many it got.

    Those who wait longer for the same product come first: what they need is left for them.
    ``bought_only``: only those that were bought from a supplier and found no buyer. Raises
    LeaseLost.
    """
    parameters = {
        "key_order": key_order_id,
        "token": lease_token,
        "bought_only": bought_only,
        "now": timezone.now(),
    }
    got = _run(sql.ALLOCATE, parameters | {"at_most": None})
    if got == _IS_BEHIND:
        left = _left_for(key_order_id, bought_only=bought_only)
        got = _run(sql.ALLOCATE, parameters | {"at_most": left})
    if got is None:
        raise LeaseLost(f"Key order {key_order_id} is owned by another worker.")
    return got


def _run(statement: str, parameters: Mapping[str, Any]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        number: int | None = cursor.fetchone()[0]
    return number


def _left_for(key_order_id: int, *, bought_only: bool, wanted: int | None = None) -> int:
    """How many of the wanted keys are free beyond what those before it in the queue need.

    ``wanted``: as many as it has open units, if not given.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.WANTED, {"key_order": key_order_id})
        key_product_id, open_units = cursor.fetchone()
        cursor.execute(sql.WANTED_BEFORE, {"key_order": key_order_id, "look_ahead": _LOOK_AHEAD})
        before = int(cursor.fetchone()[0])
    at_most = before + (open_units if wanted is None else wanted)
    free = _count_free(key_product_id, at_most=at_most, bought_only=bought_only)
    return max(0, free - before)


def _count_free(key_product_id: int, *, at_most: int, bought_only: bool = False) -> int:
    statement = sql.COUNT_FREE.format(free=sql.free_keys(bought_only=bought_only))
    return _run(statement, {"product": key_product_id, "at_most": at_most}) or 0


def _queue(key_product_id: int) -> QuerySet[KeyOrder]:
    return KeyOrder.objects.filter(
        key_product_id=key_product_id,
        status=KeyOrderStatus.WAITING,
        reason__in=QUEUED_FOR_KEYS,
    )


def wake_waiting(*, key_product_id: int, limit: int = 1000) -> int:
    """Make due those who wait for keys of a product, the longest waiting first.

    Call it after keys came in. As many are woken as there are free keys, at most ``limit``; the
    sweeper wakes the rest. Those whose suppliers were given up come last: they keep nobody waiting.
    Nobody is woken before the product's own moment of release. Returns how many.
    """
    products = KeyProduct.objects.filter(pk=key_product_id)
    if products.filter(release_at__gt=Now()).exists():
        return 0
    with transaction.atomic():
        count = _count_free(key_product_id, at_most=limit)
        ids = _first(_queue(key_product_id), count)
        ids += _first(_given_up(key_product_id), count - len(ids))
        if not ids:
            return 0
        return KeyOrder.objects.filter(pk__in=ids).update(next_run_at=timezone.now())


def _first(key_orders: QuerySet[KeyOrder], count: int) -> list[int]:
    ordered = key_orders.order_by(F("paid_at").asc(nulls_last=True), "id")
    locked = ordered.select_for_update(skip_locked=True, no_key=True)
    return list(locked.values_list("pk", flat=True)[:count])


def _given_up(key_product_id: int) -> QuerySet[KeyOrder]:
    return KeyOrder.objects.filter(
        key_product_id=key_product_id, status=KeyOrderStatus.FAILED, reason=Reason.SUPPLIER_ERROR
    )


def count_for(*, key_order_id: int, bought_only: bool = False) -> int:
    """How many of the keys it wants are free, beyond what those before it in the queue need."""
    return _left_for(key_order_id, bought_only=bought_only)


def has_key_for(key_order: KeyOrder, *, bought_only: bool = False) -> bool:
    """Whether a free key is there for it, beyond what those before it in the queue need."""
    return _left_for(key_order.pk, bought_only=bought_only, wanted=1) > 0


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
