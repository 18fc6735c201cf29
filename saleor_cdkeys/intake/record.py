"""Writing down that there is something to do, in two queries: a look-up and one statement.

Hooks come twice, early, in another order or at once in two processes; the statement ends in the
same rows whatever came before. It inserts key order, units and the first row of the timeline
together, or makes an existing key order due, and is atomic by itself.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from saleor_cdkeys.host.key_lines import KeyLine, key_lines_of

#: When an order that is not due yet is looked at if no event comes.
_LOOK_AGAIN = dt.timedelta(hours=1)

_COLUMNS = (
    "order_line_id",
    "order_id",
    "order_number",
    "channel_id",
    "channel_slug",
    "key_product_id",
    "variant_id",
    "product_name",
    "sku",
    "user_id",
    "email",
    "language_code",
    "quantity",
    "unit_price_amount",
    "currency",
    "paid_at",
    "next_run_at",
)

# A key order that reached the customer or its end is left alone. Any other is never due later than
# it was, and due now if there is something to decide, which a payment that was taken back is, too.
# `xmax = 0` tells rows that are new.
_RECORD = """
WITH recorded AS (
    INSERT INTO saleor_cdkeys_keyorder AS known
        ({columns}, status, reason, detail, attempts, released_by_staff, created_at, updated_at)
    VALUES {rows}
    ON CONFLICT (order_line_id) DO UPDATE SET
        next_run_at = LEAST(
            known.next_run_at,
            CASE WHEN known.paid_at IS NOT NULL AND EXCLUDED.paid_at IS NULL
                 THEN EXCLUDED.updated_at ELSE EXCLUDED.next_run_at END
        ),
        poked_at = EXCLUDED.updated_at,
        paid_at = COALESCE(known.paid_at, EXCLUDED.paid_at),
        updated_at = EXCLUDED.updated_at
    WHERE known.status NOT IN ('delivered', 'refunded', 'canceled')
    RETURNING id, order_id, quantity, next_run_at, created_at, updated_at, xmax = 0 AS is_new
), units AS (
    INSERT INTO saleor_cdkeys_keyunit (key_order_id, number, status)
    SELECT id, generate_series(1, quantity), 'open' FROM recorded WHERE is_new
), timeline AS (
    INSERT INTO saleor_cdkeys_keyorderevent
        (key_order_id, type, from_status, to_status, reason, message, data, created_at)
    SELECT id, 'received', '', 'pending', '', '', '{{}}', created_at FROM recorded WHERE is_new
)
SELECT order_id FROM recorded WHERE next_run_at <= updated_at
"""
_ROW = "({values}, 'pending', '', '', 0, false, %s, %s)"


def note_order(order_id: uuid.UUID) -> list[uuid.UUID]:
    """Record the key lines of a Saleor order, or make them due; see :func:`note_orders`."""
    return note_orders([order_id])


def note_orders(order_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Record the key lines of Saleor orders, or make known ones due.

    Returns the orders for which something is to be done now. One query where no line is sold as
    keys, two otherwise, however many orders and lines there are.
    """
    return record_lines(key_lines_of(order_ids))


def record_lines(lines: list[KeyLine]) -> list[uuid.UUID]:
    """Record these lines; returns the Saleor orders for which something is to be done now."""
    if not lines:
        return []
    now = timezone.now()
    row = _ROW.format(values=", ".join(["%s"] * len(_COLUMNS)))
    statement = _RECORD.format(columns=", ".join(_COLUMNS), rows=", ".join([row] * len(lines)))
    parameters: list[Any] = []
    # The look-up's order is the same everywhere, so no two processes wait for each other's rows.
    for line in lines:
        parameters += [*_values(line, now), now, now]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        due = {row[0] for row in cursor.fetchall()}
    return [
        order_id for order_id in dict.fromkeys(line.order_id for line in lines) if order_id in due
    ]


def _values(line: KeyLine, now: dt.datetime) -> list[Any]:
    moments: dict[str, Any] = {
        "paid_at": now if line.is_charged else None,
        "next_run_at": now if line.is_due else now + _LOOK_AGAIN,
    }
    return [moments[name] if name in moments else getattr(line, name) for name in _COLUMNS]
