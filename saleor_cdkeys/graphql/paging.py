"""Pages of long lists, newest first, that stay right while rows are added."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import graphene
from django.db.models import QuerySet

from saleor_cdkeys.graphql.nearest import Branches, nearest
from saleor_cdkeys.graphql.window import ANY_ID, Window, cursor_of, window_of
from saleor_cdkeys.host.graphql import create_connection_slice


def connection(
    rows: QuerySet[Any],
    info: Any,
    arguments: Mapping[str, Any],
    connection_type: Any,
    *,
    branches: Branches | None = None,
    ids: tuple[int, int] = ANY_ID,
) -> Any:
    """A page of these rows as Saleor's connections give it; they are counted only if asked for.

    ``branches`` narrows the rows further, to those whose columns hold one of these values; the
    columns must lead an index that ends with the id. ``ids``: all rows have ids between these.
    """
    branches = branches or {}
    matching = rows.filter(**{f"{column}__in": list(values) for column, values in branches.items()})
    empty = empty_connection(info, arguments, connection_type, count=matching.count)
    window = window_of(arguments)
    if window is None:
        return empty
    window = dataclasses.replace(window, since=ids[0], until=ids[1])
    return fill(empty, list(nearest(rows, branches, window)), window)


def empty_connection(
    info: Any, arguments: Mapping[str, Any], connection_type: Any, *, count: Callable[[], Any]
) -> Any:
    """A page without rows, after Saleor's own checks of the arguments and in its own form."""
    empty = create_connection_slice([], info, dict(arguments), connection_type)
    empty.total_count = count
    return empty


def fill(empty: Any, rows: Sequence[Any], window: Window) -> Any:
    """The page with its rows: nearest to the cursor first, and one more if there are more."""
    is_more = len(rows) > window.limit
    page = list(rows[: window.limit])
    if window.newer:
        page.reverse()
    edge = type(empty).Edge
    empty.edges = [edge(node=row, cursor=cursor_of(row.pk)) for row in page]
    is_past = window.cursor is not None
    empty.page_info = graphene.relay.PageInfo(
        has_next_page=is_past if window.newer else is_more,
        has_previous_page=is_more if window.newer else is_past,
        start_cursor=empty.edges[0].cursor if page else None,
        end_cursor=empty.edges[-1].cursor if page else None,
    )
    return empty
