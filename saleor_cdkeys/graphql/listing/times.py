"""Narrowing a list to a time, by a table whose ids ascend with the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, BaseInputObjectType, DateTime

#: Rows get their id within moments of their time, whatever the clocks of the shop's servers say.
_CLOCKS = dt.timedelta(hours=1)


class CdKeyTimeRangeInput(BaseInputObjectType):
    gte = DateTime(description="Not before.")
    lte = DateTime(description="Not after.")

    class Meta:
        description = "A stretch of time."
        doc_category = DOC_CATEGORY_ORDERS


def within(rows: QuerySet[Any], times: Mapping[str, Any] | None) -> QuerySet[Any]:
    """Those of the rows whose ``created_at`` lies within these times."""
    times = times or {}
    start, end = times.get("gte"), times.get("lte")
    if start is not None:
        rows = rows.filter(created_at__gte=start)
    if end is not None:
        rows = rows.filter(created_at__lte=end)
    return rows
