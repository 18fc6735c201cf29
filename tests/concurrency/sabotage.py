"""Taking a guard out, for the negative controls: a race test that cannot fail proves nothing.

Locks and comparisons are taken out of the SQL on its way to the database, in the racing process
alone; constraints are dropped and functions changed in the test's database, and put back
afterwards. A pattern that no longer fits the product's SQL shows at once: the control then finds no
violation, and fails.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection

#: The rows are read, but not locked.
NO_ROW_LOCKS = (r" FOR (NO KEY )?UPDATE( OF [\w\", .]+?)?( SKIP LOCKED)?(?= *($|\)|\n))", "")


def rewriting(*changes: tuple[str, str]) -> contextlib.AbstractContextManager[None]:
    """Send statements changed: each regular expression is replaced."""

    def wrapper(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        for pattern, replacement in changes:
            sql = re.sub(pattern, replacement, sql, flags=re.DOTALL)
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


@contextlib.contextmanager
def function_changed(name: str, *changes: tuple[str, str]) -> Iterator[None]:
    """Replace regular expressions in a function of the test's database for a while."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
        (definition,) = cursor.fetchone()
        changed = definition
        for pattern, replacement in changes:
            changed, count = re.subn(pattern, replacement, changed, flags=re.DOTALL)
            assert count, f"{pattern} no longer fits {name}"
        cursor.execute(changed)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(definition)


@contextlib.contextmanager
def without_unique(*names: str) -> Iterator[None]:
    """Drop these unique constraints or unique indexes for a while.

    What was written meanwhile may violate them, so the plugin's tables are emptied at the end.
    """
    definitions = [_definition(name) for name in names]
    with connection.cursor() as cursor:
        for drop, _restore in definitions:
            cursor.execute(drop)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            tables = [
                model._meta.db_table for model in apps.get_app_config("saleor_cdkeys").get_models()
            ]
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            for _drop, restore in definitions:
                cursor.execute(restore)


def _definition(name: str) -> tuple[str, str]:
    """The statements that drop it and that make it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE conname = %s",
            [name],
        )
        found = cursor.fetchone()
        if found:
            table, text = found
            return (
                f'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
                f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}',
            )
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [name])
        (definition,) = cursor.fetchone()
        return f'DROP INDEX "{name}"', definition


def unique_on(table: str, column: str) -> str:
    """The name that Django gave to the unique constraint of one column."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    (name,) = [
        name
        for name, what in found.items()
        if what["unique"] and not what["primary_key"] and what["columns"] == [column]
    ]
    return str(name)
