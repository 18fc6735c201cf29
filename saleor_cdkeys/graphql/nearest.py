"""The rows of a page, found at a cost that does not grow with the table.

Where a list is narrowed to several values of indexed columns (statuses, channels), each combination
has its own stretch of the index in the order of ids: a page is merged from the nearest few of each,
where one scan in that order could pass over millions of rows that do not match.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from saleor_cdkeys.graphql.window import Window


def nearest(
    rows: QuerySet[Any], branches: Mapping[str, Collection[Any]], window: Window
) -> QuerySet[Any]:
    """The rows of a page, nearest first, and one more if there are more.

    ``branches`` narrows the rows to those whose column holds one of these values.
    """
    rows = _past(rows, window)
    single = {column: list(values) for column, values in branches.items() if len(values) == 1}
    rows = rows.filter(**{column: values[0] for column, values in single.items()})
    several = {column: values for column, values in branches.items() if column not in single}
    if several:
        # Without a limit of its own, which would tempt the planner to walk the table in order.
        ids = _ids(rows, several, window, limit=window.limit + 1)
        return rows.filter(pk__in=ids).order_by(window.order)
    return rows.order_by(window.order)[: window.limit + 1]


def nearest_of_each(
    rows: QuerySet[Any], column: str, values: Collection[Any], window: Window
) -> QuerySet[Any]:
    """Of each value of the column what :func:`nearest` gives of it, all mixed up."""
    rows = _past(rows, window)
    return rows.filter(pk__in=_ids(rows, {column: values}, window)).order_by(window.order)


def _past(rows: QuerySet[Any], window: Window) -> QuerySet[Any]:
    if window.cursor is None:
        return rows
    return rows.filter(**{"pk__gt" if window.newer else "pk__lt": window.cursor})


def _ids(
    rows: QuerySet[Any],
    branches: Mapping[str, Collection[Any]],
    window: Window,
    *,
    limit: int | None = None,
) -> RawSQL:
    """The ids of the nearest few rows of each combination of the branches' values.

    ``limit``: of all these, how many at most, nearest first.
    """
    columns = {name: rows.model._meta.get_field(name) for name in branches}
    each = rows.filter(**{name: RawSQL(f'"{name}"."value"', ()) for name in columns})  # noqa: S611
    few = each.order_by(window.order).values("pk")[: window.limit + 1]
    statement, parameters = few.query.sql_with_params()
    values = ", ".join(
        f'unnest(%s::{field.db_type(connections[rows.db])}[]) AS "{name}" ("value")'
        for name, field in columns.items()
    )
    direction = "ASC" if window.newer else "DESC"
    # Nothing in it comes from a caller: names are the table's own, values are parameters.
    sql = (
        f'SELECT "near"."id" FROM {values} CROSS JOIN LATERAL ({statement}) AS "near" ("id") '  # noqa: S608
        f'ORDER BY "near"."id" {direction} LIMIT %s'
    )
    given = [list(values) for values in branches.values()]
    return RawSQL(sql, (*given, *parameters, limit))  # noqa: S611
