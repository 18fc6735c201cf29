"""Databases of the bench's own, on whatever server there is, dropped when it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


class Databases:
    """Makes databases from one that was migrated, and points this process at one of them."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._mark = f"cdkeys_bench_{os.getpid()}"
        self._made: list[str] = []

    @property
    def empty(self) -> str:
        """The address of the one that the others are made from."""
        return self._url("empty")

    def create_empty(self) -> None:
        self._create("empty", template="template0")

    def create(self, name: str) -> str:
        """A migrated database without rows; returns its address."""
        self._create(name, template=self._name("empty"))
        return self._url(name)

    def drop_all(self) -> None:
        for name in reversed(self._made):
            self._run(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        self._made.clear()

    @contextmanager
    def using(self, name: str) -> Iterator[str]:
        """A new database for the block, in this process and those that it starts; its address."""
        url = self.create(name)
        point_to(url)
        yield url
        point_to(self.empty)
        made = self._name(name)
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(made)))
        self._made.remove(made)

    def _name(self, name: str) -> str:
        return f"{self._mark}_{name}"

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server_url)._replace(path=f"/{self._name(name)}"))

    def _create(self, name: str, *, template: str) -> None:
        made = self._name(name)
        self._made.append(made)
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(made), sql.Identifier(template)
            )
        )

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(statement)


def point_to(url: str) -> None:
    """Let Django's connections of this process, and later processes, use this database."""
    from django.db import connections

    os.environ["DATABASE_URL"] = url
    name = urlsplit(url).path.lstrip("/")
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name
