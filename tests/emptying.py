"""Emptying Saleor's tables after a test that commits.

Django truncates every table of the project, and Saleor has hundreds: seconds for each such test.
Few of them hold rows, and those few go quickly.
"""

from __future__ import annotations

from django.db import connection, transaction

#: What migrations fill, and no test changes.
_KEPT = frozenset({"django_content_type", "django_site", "permission_permission"})


def empty_tables() -> None:
    """Delete all rows that tests may have written. Foreign keys are checked when all are gone."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = {name: connection.ops.quote_name(name) for name in names if name not in _KEPT}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {table})"
                for name, table in quoted.items()
            )
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {quoted[name]}")
