"""The processes: fake suppliers, and workers that are started anew when they die."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from chaos.options import Options

#: What is quicker here than in a shop. The quiet period is still longer than any supplier takes.
_HASTE = {
    "CDKEYS_LOOKUP_SECONDS": "1",
    "CDKEYS_QUIET_SECONDS": "6",
    "CDKEYS_SUPPLIER_TIMEOUT": "1",
    "CDKEYS_SUPPLIER_CONNECT_TIMEOUT": "1",
    "CDKEYS_LEASE_SECONDS": "20",
    "CDKEYS_PAUSE_AFTER": "10",
    "CDKEYS_PAUSE_SECONDS": "0.5",
    "CDKEYS_BALANCE_SECONDS": "20",
}
#: Seconds that a worker lives at least before it is killed: it takes some to start.
_LIVES = 15.0
#: Seconds that the clock of the first worker is ahead.
_AHEAD = "60"


def environment(folder: Path) -> dict[str, str]:
    """The settings of all processes but for the mail server's address."""
    redis_url = os.environ["REDIS_URL"]
    return {
        **_HASTE,
        "DEBUG": "False",
        "CACHE_URL": redis_url,
        "CELERY_BROKER_URL": redis_url,
        "DEFAULT_FROM_EMAIL": "shop@example.com",
        "DB_CONN_MAX_AGE": "60",
        "CHAOS_FOLDER": str(folder),
    }


class Fakes:
    """The process of the fake suppliers (``urls`` by name) and the mail server. It is a context."""

    def __init__(self, options: Options, folder: Path) -> None:
        arguments = [str(folder), str(options.seed), str(options.bad), *options.sellers]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.fakes", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline())
        self.urls: dict[str, str] = told["urls"]
        self.mail: str = told["mail"]

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.communicate("", timeout=30)

    def __enter__(self) -> Fakes:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()


class Crew:
    """The workers. Use it as a context."""

    def __init__(self, options: Options, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._starts = 0
        self.deaths = 0
        self._started: dict[int, float] = {}
        self._workers = [self._start(number) for number in range(options.workers)]

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        self._starts += 1
        self._started[number] = time.monotonic()
        env = dict(os.environ)
        if self._options.has_trouble:
            env["CHAOS_DEATH"] = str(self._options.deaths)
        if number == 0 and self._options.has_trouble:
            env["CHAOS_CLOCK"] = _AHEAD
        if not self._options.has_journal:
            env["CHAOS_NO_JOURNAL"] = "1"
        seed = self._options.seed + self._starts
        with (self._folder / f"worker-{number}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "chaos.worker", str(number), str(seed)],
                env=env,
                stdout=log,
                stderr=log,
            )

    def kill(self, number: int) -> bool:
        """As the kernel does where memory is short. False for one that has just begun."""
        if time.monotonic() - self._started[number] < _LIVES:
            return False
        self._end(number)
        return True

    def _end(self, number: int) -> None:
        self._workers[number].kill()
        self._workers[number].wait()

    def revive(self) -> None:
        """Start anew whoever is dead."""
        for number, worker in enumerate(self._workers):
            if worker.poll() is not None:
                self.deaths += 1
                self._workers[number] = self._start(number)

    def stop(self) -> None:
        for number in range(len(self._workers)):
            self._end(number)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
