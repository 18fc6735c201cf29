"""Pages of long lists, newest first, that cost the same at any size of the table.

A cursor is the id of a row, so a page stays right while rows are added. Where a list is narrowed to
several values of indexed columns (statuses, channels), each combination has its own stretch of the
index in the wanted order: a page is merged from the newest few of each, where one scan in the order
of ids could pass over millions of rows that do not match.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from graphql.error import GraphQLError

from saleor_cdkeys.host.graphql import create_connection_slice

_LAST_ID = 2**63 - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """Which page: ``limit`` rows past the row ``cursor``, towards older or towards newer ones."""

    limit: int
    newer: bool = False
    cursor: int | None = None


def connection(
    rows: QuerySet[Any],
    info: Any,
    arguments: Mapping[str, Any],
    connection_type: Any,
    *,
    branches: Mapping[str, Collection[Any]] | None = None,
) -> Any:
    """A page of these rows as Saleor's connections give it; they are counted only if asked for.

    ``branches`` narrows the rows further, to those whose column holds one of these values.
    """
    # Of an empty list, for Saleor's own checks of the arguments and its own form of the answer.
    found = create_connection_slice([], info, dict(arguments), connection_type)
    branches = branches or {}
    matching = rows.filter(**{f"{column}__in": list(values) for column, values in branches.items()})
    found.total_count = matching.count
    window = _window(arguments)
    if window is None:
        return found
    page = list(_page(rows, branches, window))
    is_more = len(page) > window.limit
    page = page[: window.limit]
    if window.newer:
        page.reverse()
    found.edges = [connection_type.Edge(node=row, cursor=_cursor_of(row.pk)) for row in page]
    is_past = window.cursor is not None
    found.page_info = graphene.relay.PageInfo(
        has_next_page=is_past if window.newer else is_more,
        has_previous_page=is_more if window.newer else is_past,
        start_cursor=found.edges[0].cursor if page else None,
        end_cursor=found.edges[-1].cursor if page else None,
    )
    return found


def _window(arguments: Mapping[str, Any]) -> Window | None:
    first, last = arguments.get("first"), arguments.get("last")
    after, before = arguments.get("after"), arguments.get("before")
    if first is None and last is None:
        return None
    if first is not None and last is not None:
        raise GraphQLError("Argument `last` cannot be combined with `first`.")
    if first is not None and before:
        raise GraphQLError("Argument `first` cannot be combined with `before`.")
    if last is not None and after:
        raise GraphQLError("Argument `last` cannot be combined with `after`.")
    limit = first if last is None else last
    if limit < 1:
        raise GraphQLError("A page has at least one row.")
    cursor = after or before
    return Window(limit, newer=last is not None, cursor=_id_of(cursor) if cursor else None)


def _page(
    rows: QuerySet[Any], branches: Mapping[str, Collection[Any]], window: Window
) -> QuerySet[Any]:
    """The rows of a page, and one more if there are more, nearest to the cursor first."""
    order = "pk" if window.newer else "-pk"
    if window.cursor is not None:
        side = "pk__gt" if window.newer else "pk__lt"
        rows = rows.filter(**{side: window.cursor})
    single = {column: list(values) for column, values in branches.items() if len(values) == 1}
    rows = rows.filter(**{column: values[0] for column, values in single.items()})
    several = {column: values for column, values in branches.items() if column not in single}
    if several:
        rows = rows.model.objects.using(rows.db).filter(pk__in=_merged(rows, several, window))
    return rows.order_by(order)[: window.limit + 1]


def _merged(rows: QuerySet[Any], branches: Mapping[str, Collection[Any]], window: Window) -> RawSQL:
    """The ids of a page, from the nearest few of each combination of the branches' values."""
    columns = {name: rows.model._meta.get_field(name) for name in branches}
    each = rows.filter(
        **{name: RawSQL(f'"{name}"."value"', ()) for name in columns}  # noqa: S611
    )
    order, direction = ("pk", "ASC") if window.newer else ("-pk", "DESC")
    nearest = each.order_by(order).values("pk")[: window.limit + 1]
    statement, parameters = nearest.query.sql_with_params()
    values = ", ".join(
        f'unnest(%s::{field.db_type(connections[rows.db])}[]) AS "{name}" ("value")'
        for name, field in columns.items()
    )
    return RawSQL(  # noqa: S611
        # Nothing in it comes from a caller: names are the table's own, values are parameters.
        f'SELECT "near"."id" FROM {values} CROSS JOIN LATERAL ({statement}) AS "near" ("id") '  # noqa: S608
        f'ORDER BY "near"."id" {direction} LIMIT %s',
        (*[list(values) for values in branches.values()], *parameters, window.limit + 1),
    )


def _cursor_of(pk: int) -> str:
    return base64.b64encode(json.dumps([str(pk)]).encode()).decode()


def _id_of(cursor: str) -> int:
    try:
        (text,) = json.loads(base64.b64decode(cursor, validate=True))
        pk = int(text)
    except (ValueError, TypeError):
        raise GraphQLError("Received cursor is invalid.") from None
    if not 0 <= pk <= _LAST_ID:
        raise GraphQLError("Received cursor is invalid.")
    return pk
