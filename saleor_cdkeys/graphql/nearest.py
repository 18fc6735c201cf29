"""The rows of a page, found at a cost that does not grow with the table.

Where a list is narrowed by indexed columns, each combination of their values has a stretch of the
index of its own, in the order of ids: a page is merged from the nearest few of each. PostgreSQL
would often rather walk the table in the order of ids, which passes over millions of rows where the
matching ones are old. So each stretch is asked for as what lies between two points of the index, in
the order of the index, which nothing but that index offers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from saleor_cdkeys.graphql.window import Window

#: Leading columns of an index that ends with the id → the values to look for.
Branches = Mapping[str, Collection[Any]]


def nearest(rows: QuerySet[Any], branches: Branches, window: Window) -> QuerySet[Any]:
    """The rows of a page, nearest first, and one more if there are more.

    ``branches`` narrows the rows to those whose columns hold one of these values.
    """
    if not branches:
        between = rows.filter(pk__gt=window.above, pk__lt=window.below)
        return between.order_by(window.order)[: window.limit + 1]
    try:
        ids = _ids(rows, branches, window, limit=window.limit + 1)
    except EmptyResultSet:
        return rows.none()
    # Without a limit of its own, which would tempt the planner to walk the table again.
    return rows.filter(pk__in=ids).order_by(window.order)


def nearest_of_each(rows: QuerySet[Any], branches: Branches, window: Window) -> QuerySet[Any]:
    """Of each combination of values what :func:`nearest` gives of it, all mixed up."""
    return rows.filter(pk__in=_ids(rows, branches, window)).order_by(window.order)


def _ids(
    rows: QuerySet[Any], branches: Branches, window: Window, *, limit: int | None = None
) -> RawSQL:
    """The ids of the nearest few rows of each combination, nearest first.

    ``limit``: of all these, how many at most. Raises EmptyResultSet if no row can match.
    """
    model = rows.model._meta
    types = {name: model.get_field(name).db_type(connections[rows.db]) for name in branches}
    columns = ", ".join(f'"{model.db_table}"."{name}"' for name in (*branches, "id"))
    values = ", ".join(f'"{name}"."value"' for name in branches)
    point = f"({columns}) {{side}} ({values}, %s)"
    stretch = rows.filter(
        _condition(point.format(side=">"), window.above),
        _condition(point.format(side="<"), window.below),
    )
    sign = "-" if window.order.startswith("-") else ""
    few = stretch.order_by(*[f"{sign}{name}" for name in branches], window.order)
    statement, parameters = few.values("pk")[: window.limit + 1].query.sql_with_params()
    sources = ", ".join(f'unnest(%s::{types[name]}[]) AS "{name}" ("value")' for name in branches)
    direction = "DESC" if sign else "ASC"
    # Nothing in it comes from a caller: names are the table's own, values are parameters.
    sql = (
        f'SELECT "near"."id" FROM {sources} CROSS JOIN LATERAL ({statement}) AS "near" ("id") '  # noqa: S608
        f'ORDER BY "near"."id" {direction} LIMIT %s'
    )
    given = [list(values) for values in branches.values()]
    return RawSQL(sql, (*given, *parameters, limit))  # noqa: S611


def _condition(sql: str, parameter: int) -> RawSQL:
    return RawSQL(sql, (parameter,), output_field=BooleanField())  # noqa: S611
