"""The processes: fake suppliers, and workers that are started anew when they die."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from chaos.options import Options
from chaos.worker import Fate
from chaos.worker import main as work

#: What is quicker here than in a shop. The quiet period is still longer than any supplier takes.
_HASTE = {
    "CDKEYS_LOOKUP_SECONDS": "1",
    "CDKEYS_QUIET_SECONDS": "5",
    "CDKEYS_SUPPLIER_TIMEOUT": "1",
    "CDKEYS_SUPPLIER_CONNECT_TIMEOUT": "1",
    "CDKEYS_LEASE_SECONDS": "10",
    "CDKEYS_PAUSE_AFTER": "10",
    "CDKEYS_PAUSE_SECONDS": "0.5",
    "CDKEYS_BALANCE_SECONDS": "20",
    "CDKEYS_BUYING_THREADS": "6",
}
#: Seconds that the clock of the first worker is ahead.
_AHEAD = 60.0


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
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["chaos.home"])
        self._workers = [self._start(number) for number in range(options.workers)]

    def _start(self, number: int) -> Any:
        self._starts += 1
        has_trouble = self._options.has_trouble
        fate = Fate(
            seed=self._options.seed + self._starts,
            ahead=_AHEAD if number == 0 and has_trouble else 0.0,
            deaths=self._options.deaths if has_trouble else 0.0,
            has_journal=self._options.has_journal,
        )
        log = str(self._folder / f"worker-{number}.log")
        worker = self._forks.Process(target=work, args=(number, fate, log), daemon=True)
        worker.start()
        return worker

    def kill(self, number: int) -> None:
        """As the kernel does where memory is short."""
        self._workers[number].kill()
        self._workers[number].join()

    def revive(self) -> None:
        """Start anew whoever is dead."""
        for number, worker in enumerate(self._workers):
            if not worker.is_alive():
                self.deaths += 1
                self._workers[number] = self._start(number)

    def stop(self) -> None:
        for number in range(len(self._workers)):
            self.kill(number)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
