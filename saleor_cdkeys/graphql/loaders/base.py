"""Two sorts of data loader: a row by its id, and rows by what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from saleor_cdkeys.host.graphql import DataLoader


class RowById(DataLoader):
    """Rows of ``model`` by primary key, with the rows of ``related``; None where one is gone."""

    model: Any
    related: tuple[str, ...] = ()

    def batch_load(self, keys: Iterable[int]) -> list[Any]:
        keys = list(keys)
        rows = self.model.objects.using(self.database_connection_name)
        if self.related:
            rows = rows.select_related(*self.related)
        found = rows.in_bulk(keys)
        return [found.get(key) for key in keys]


class RowsByOwner(DataLoader):
    """Rows by the column ``owner``, a list for each id."""

    owner: str

    def rows(self, keys: Collection[Any]) -> QuerySet[Any]:
        """The rows of these owners, in the order in which they are to be shown."""
        raise NotImplementedError

    def batch_load(self, keys: Iterable[Any]) -> list[list[Any]]:
        keys = list(keys)
        found: dict[Any, list[Any]] = defaultdict(list)
        for row in self.rows(keys).using(self.database_connection_name):
            found[getattr(row, self.owner)].append(row)
        return [found[key] for key in keys]
