"""Picking up whatever a lost message, a dead worker or a dead broker left behind.

The tables are the queue: what is due is found here, whoever was to be told of it. The work itself
is handed to ``run`` and ``send``: tasks where there is a broker, plain calls where there is none.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import ngettext

from saleor_cdkeys import heartbeat
from saleor_cdkeys.acquisition.stock import wake_waiting
from saleor_cdkeys.acquisition.stock_sql import free_keys
from saleor_cdkeys.alerts import raise_alert
from saleor_cdkeys.delivery.send import due_deliveries
from saleor_cdkeys.intake.reconcile import find_lost_orders
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.notifications.mail import mail_new_alerts
from saleor_cdkeys.statuses import QUEUED_FOR_KEYS, AlertKind

#: Rows of each sort that one sweep hands out; the next sweep goes on.
LIMIT = 1000
#: How many times as many orders are looked through for one that is taken.
_PAGES = 50

# Products that somebody waits for and that have a key to give, each found once by hopping through
# the queue's partial index instead of reading the whole queue. Where keys come from suppliers only,
# those that were bought and found no buyer are the ones to give.
_SERVABLE = f"""
WITH RECURSIVE queue AS NOT MATERIALIZED (
    SELECT key_product_id FROM saleor_cdkeys_keyorder
    WHERE status = 'waiting' AND reason IN ({", ".join(f"'{r.value}'" for r in QUEUED_FOR_KEYS)})
), waited_for AS (
    (SELECT key_product_id FROM queue ORDER BY key_product_id LIMIT 1)
    UNION ALL
    SELECT (SELECT queue.key_product_id FROM queue
            WHERE queue.key_product_id > waited_for.key_product_id
            ORDER BY queue.key_product_id LIMIT 1)
    FROM waited_for WHERE waited_for.key_product_id IS NOT NULL
)
SELECT product.id FROM waited_for
JOIN saleor_cdkeys_keyproduct AS product ON product.id = waited_for.key_product_id
WHERE (product.release_at IS NULL OR product.release_at <= statement_timestamp())
    AND CASE product.source
        WHEN 'suppliers' THEN ({free_keys(product="product.id", bought_only=True)} LIMIT 1)
        ELSE ({free_keys(product="product.id")} LIMIT 1)
    END IS NOT NULL
LIMIT %s
"""  # noqa: S608


@dataclasses.dataclass(frozen=True, slots=True)
class Sweep:
    """How much one sweep found of each."""

    lost: int
    woken: int
    orders: int
    deliveries: int
    alerts_mailed: int

    @property
    def found_work(self) -> bool:
        return bool(self.lost or self.woken or self.orders or self.deliveries)


def sweep(
    *,
    run: Callable[[uuid.UUID], object],
    send: Callable[[int], object],
    limit: int = LIMIT,
) -> Sweep:
    """Find what is due and hand it out: Saleor order ids to ``run``, delivery ids to ``send``.

    What ``run`` and ``send`` do twice at the same time does no harm: they take leases. ``run`` says
    False of an order that it does not take now; those behind it have their turn all the same.
    """
    lost = _record_lost(limit)
    woken = _wake(limit)
    orders = _hand_out(run, limit)
    deliveries = due_deliveries(limit=limit)
    for delivery_id in deliveries:
        send(delivery_id)
    alerts_mailed = mail_new_alerts()
    heartbeat.beat()
    return Sweep(
        lost=lost,
        woken=woken,
        orders=orders,
        deliveries=len(deliveries),
        alerts_mailed=alerts_mailed,
    )


def _hand_out(run: Callable[[uuid.UUID], object], limit: int) -> int:
    """A page of due orders, or the first behind it of which any is taken; returns how many are."""
    taken, asked = 0, set[uuid.UUID]()
    for offset in range(0, limit * _PAGES, limit):
        page = due_orders(limit=limit, offset=offset)
        for order_id in page:
            if order_id not in asked and run(order_id) is not False:
                taken += 1
            asked.add(order_id)
        if taken or not page:
            break
    return taken


def due_orders(*, limit: int, offset: int = 0) -> list[uuid.UUID]:
    """Saleor orders with a key order that is due and that nobody owns, the longest due first."""
    due = (
        KeyOrder.objects.filter(next_run_at__lte=Now())
        .filter(Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lte=Now()))
        .order_by("next_run_at", "id")
        .values_list("order_id", flat=True)[offset : offset + limit]
    )
    return list(dict.fromkeys(due))


def _record_lost(limit: int) -> int:
    found = find_lost_orders(limit=limit)
    if found:
        raise_alert(
            kind=AlertKind.LOST_ORDER_FOUND,
            subject="intake",
            message=ngettext(
                "%(count)d paid order reached the plugin by the sweeper, not by Saleor's hooks. It "
                "is processed now. If this goes on, `manage.py cdkeys_doctor` says why.",
                "%(count)d paid orders reached the plugin by the sweeper, not by Saleor's hooks. "
                "They are processed now. If this goes on, `manage.py cdkeys_doctor` says why.",
                len(found),
            )
            % {"count": len(found)},
        )
    return len(found)


def _wake(limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SERVABLE, [limit])
        products = [row[0] for row in cursor.fetchall()]
    return sum(wake_waiting(key_product_id=product) for product in products)
