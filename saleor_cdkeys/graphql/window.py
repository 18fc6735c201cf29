"""Which page of a list is asked for. A cursor is the id of a row, in the form Saleor's have."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from graphql.error import GraphQLError

_LAST_ID = 2**63 - 1
#: All ids lie between these.
ANY_ID = (-1, _LAST_ID)


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """Which page: ``limit`` rows past the row ``cursor``, towards older or towards newer ones.

    No row of the page has an id outside of ``since`` and ``until``, both left out.
    """

    limit: int
    newer: bool = False
    cursor: int | None = None
    since: int = ANY_ID[0]
    until: int = ANY_ID[1]

    @property
    def above(self) -> int:
        """The ids of the page are higher than this."""
        return self.since if self.cursor is None or not self.newer else max(self.since, self.cursor)

    @property
    def below(self) -> int:
        """The ids of the page are lower than this."""
        return self.until if self.cursor is None or self.newer else min(self.until, self.cursor)

    @property
    def order(self) -> str:
        """The order in which the rows of the page are found: nearest to the cursor first."""
        return "pk" if self.newer else "-pk"


def window_of(arguments: Mapping[str, Any]) -> Window | None:
    """The page that is asked for, None for none. Raises GraphQLError."""
    first, last = arguments.get("first"), arguments.get("last")
    after, before = arguments.get("after"), arguments.get("before")
    limit: Any = first if last is None else last
    if limit is None:
        return None
    if first is not None and last is not None:
        raise GraphQLError("Argument `last` cannot be combined with `first`.")
    if first is not None and before:
        raise GraphQLError("Argument `first` cannot be combined with `before`.")
    if last is not None and after:
        raise GraphQLError("Argument `last` cannot be combined with `after`.")
    if limit < 1:
        raise GraphQLError("A page has at least one row.")
    cursor = after or before
    return Window(limit, newer=last is not None, cursor=_id_of(cursor) if cursor else None)


def cursor_of(pk: int) -> str:
    """The cursor of the row with that id."""
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
