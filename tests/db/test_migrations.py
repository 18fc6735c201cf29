"""The plugin's tables come and go without a trace in Saleor's."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

APP = "saleor_cdkeys"


def _tables() -> set[str]:
    return set(connection.introspection.table_names())


def _shape() -> dict[str, dict[str, dict]]:
    """Columns, constraints and indexes of our tables, as the database has them."""
    shape = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config(APP).get_models():
            table = model._meta.db_table
            columns = connection.introspection.get_table_description(cursor, table)
            rules = connection.introspection.get_constraints(cursor, table)
            shape[table] = {
                "columns": {column.name: tuple(column)[1:] for column in columns},
                # Django makes up names of foreign keys and of columns' indexes the same each time.
                "rules": rules,
            }
    return shape


def _migrate(target: str | None = None) -> None:
    arguments = [APP] if target is None else [APP, target]
    call_command("migrate", *arguments, verbosity=0, interactive=False)


@pytest.fixture
def _whole_again(transactional_db):
    yield
    _migrate()


@pytest.mark.standin_only
@pytest.mark.usefixtures("_whole_again")
def test_all_migrations_can_be_taken_back_and_made_again():
    before, shape = _tables(), _shape()
    ours = {table for table in before if table.startswith(APP)}

    _migrate("zero")

    assert _tables() == before - ours
    _migrate()
    assert _tables() == before
    assert _shape() == shape


def _applied() -> list[str]:
    recorder = MigrationRecorder(connection)
    return sorted(name for app, name in recorder.applied_migrations() if app == APP)


def _names() -> list[str]:
    return sorted(name for app, name in MigrationLoader(None).disk_migrations if app == APP)


@pytest.mark.standin_only
@pytest.mark.usefixtures("_whole_again")
def test_each_migration_can_be_taken_back_by_itself():
    names, shape = _names(), _shape()

    for name in reversed(names[:-1]):
        _migrate(name)
        assert _applied() == names[: names.index(name) + 1]
    for name in names[1:]:
        _migrate(name)

    assert _applied() == names
    assert _shape() == shape


def test_the_models_have_all_their_migrations():
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    assert APP not in detector.changes(graph=loader.graph)


def test_migrations_form_one_line_that_starts_from_nothing_of_saleors():
    loader = MigrationLoader(None)
    ours = {name: m for (app, name), m in loader.disk_migrations.items() if app == APP}
    assert [app for m in ours.values() for app, _name in m.dependencies if app != APP] == []
    assert len(loader.graph.leaf_nodes(APP)) == 1


def test_every_foreign_key_was_validated(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid::regclass::text LIKE %s "
            "AND NOT convalidated",
            [f"{APP}%"],
        )
        assert cursor.fetchall() == []
