"""A Celery worker as a shop runs it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.aside import WorkFailed

#: Processes of the worker.
CONCURRENCY = 2
#: Seconds in which it neither gets done nor says a word, after which it is given up.
_PATIENCE = 60.0


class Worker:
    """Runs as long as the block lasts. It also knows the task that does nothing."""

    def __init__(self, *, mail_port: int, log: Path) -> None:
        self._log = log
        arguments = ["-A", "saleor.celeryconf:app", "worker", "-I", "bench.empty_task"]
        arguments += ["--concurrency", str(CONCURRENCY), "--without-gossip", "--without-mingle"]
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "celery", *arguments, "-l", "INFO"],
                env={**os.environ, "CDKEYS_EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Raises WorkFailed, with its last words, if it ends before that or falls silent."""
        until, said = 0.0, -1
        while not done():
            if said != (now_said := self._log.stat().st_size):
                until, said = time.monotonic() + _PATIENCE, now_said
            if self._process.poll() is not None or time.monotonic() > until:
                words = self._log.read_text(errors="replace").splitlines()[-20:]
                raise WorkFailed("The worker does not get on:\n" + "\n".join(words))
            time.sleep(0.002)

    def __enter__(self) -> Worker:
        self.wait_until(lambda: " ready." in self._log.read_text(errors="replace"))
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
