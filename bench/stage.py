"""What every part runs on: PostgreSQL, Redis, a migrated database, and Django set up."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.databases import Databases, point_to
from devtools.embedded import servers


@contextlib.contextmanager
def set_up() -> Iterator[Databases]:
    """Set this process up and yield the databases; ``BENCH_FOLDER`` names a temporary folder.

    The settings are environment variables, so processes that are started have them as well.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="cdkeys-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ.update(stack.enter_context(servers()))
        redis_url = os.environ["REDIS_URL"]
        os.environ.update(
            # Django remembers every query where it is on.
            DEBUG="False",
            CELERY_BROKER_URL=redis_url,
            CACHE_URL=redis_url,
            BENCH_FOLDER=str(folder),
        )
        databases = Databases(os.environ["DATABASE_URL"])
        stack.callback(databases.drop_all)
        databases.create_empty()
        os.environ["DATABASE_URL"] = databases.empty
        _migrate()
        yield databases


def _migrate() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    point_to(os.environ["DATABASE_URL"])


def folder() -> Path:
    """Where a part may write files."""
    return Path(os.environ["BENCH_FOLDER"])
