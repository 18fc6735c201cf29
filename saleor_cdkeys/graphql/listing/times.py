"""Narrowing a list to a time, by a table whose ids ascend with the time.

Such a list goes by ids, and an index of times would not help it: a stretch of time becomes a
stretch of ids, found by halving, so that no row outside of it is looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from saleor_cdkeys.graphql.window import ANY_ID
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, BaseInputObjectType, DateTime

#: Rows get their id within moments of their time; more is allowed for clocks that differ.
_CLOCKS = dt.timedelta(hours=1)

# Rows from `high` on are not earlier than the moment, rows before `low` are, and each step halves
# what lies between.
_FIRST_SINCE = """
WITH RECURSIVE search (low, high) AS (
    SELECT min(id), max(id) + 1 FROM {table}
    UNION ALL
    SELECT
        CASE WHEN probe.created_at < %(moment)s THEN probe.id + 1 ELSE low END,
        CASE WHEN probe.created_at < %(moment)s THEN high ELSE (low + high) / 2 END
    FROM search CROSS JOIN LATERAL (
        SELECT id, created_at FROM {table} WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1
    ) AS probe
    WHERE low < high
)
SELECT low FROM search WHERE low >= high
"""


class CdKeyTimeRangeInput(BaseInputObjectType):
    gte = DateTime(description="Not before.")
    lte = DateTime(description="Not after.")

    class Meta:
        description = "A stretch of time."
        doc_category = DOC_CATEGORY_ORDERS


def within(rows: QuerySet[Any], times: Mapping[str, Any] | None) -> QuerySet[Any]:
    """Those of the rows whose ``created_at`` lies within these times."""
    times = times or {}
    if times.get("gte") is not None:
        rows = rows.filter(created_at__gte=times["gte"])
    if times.get("lte") is not None:
        rows = rows.filter(created_at__lte=times["lte"])
    return rows


def ids_within(rows: QuerySet[Any], times: Mapping[str, Any] | None) -> tuple[int, int]:
    """Two ids between which all rows lie whose ``created_at``, set as they were made, does."""
    times = times or {}
    above, below = ANY_ID
    if times.get("gte") is not None:
        first = _first_since(rows, times["gte"] - _CLOCKS)
        above = above if first is None else first - 1
    if times.get("lte") is not None:
        beyond = _first_since(rows, times["lte"] + _CLOCKS)
        below = below if beyond is None else beyond
    return above, below


def _first_since(rows: QuerySet[Any], moment: dt.datetime) -> int | None:
    """The id from which on rows are not earlier than that; None where there are no rows."""
    table = rows.model._meta.db_table
    with connections[rows.db].cursor() as cursor:
        cursor.execute(_FIRST_SINCE.format(table=table), {"moment": moment})
        found = cursor.fetchone()
    return None if found is None else int(found[0])
