"""The shop's processes: started, watched, logged to a file, and ended by whoever started them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from demo.errors import DemoFailed

#: Seconds that a process may take to be ready, and to end once asked.
_READY_IN = 120.0
_ENDS_IN = 10.0


class ProcessDied(DemoFailed):
    """A process of the shop ended, or never got ready. The text says which, and its last words."""


class Process:
    """One process with its own group, so that its children end with it and Ctrl-C is ours."""

    def __init__(
        self, name: str, arguments: list[str], *, env: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as out:
            self._begins_at = out.tell()
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Raises ProcessDied if it ends before it is ready, or takes too long."""
        deadline = time.monotonic() + _READY_IN
        while not ready():
            if self._process.poll() is not None:
                raise ProcessDied(f"{self.name} ended at once:\n{_last_words(self.log)}")
            if time.monotonic() > deadline:
                raise ProcessDied(f"{self.name} does not get ready:\n{_last_words(self.log)}")
            time.sleep(0.1)

    def check(self) -> None:
        """Raises ProcessDied if it is not running any more."""
        if self._process.poll() is not None:
            raise ProcessDied(f"{self.name} ended:\n{_last_words(self.log)}")

    def has_said(self, text: str) -> bool:
        return text.encode() in self.log.read_bytes()[self._begins_at :]

    def ask_to_end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def end(self, *, by: float) -> None:
        """Wait for its end until that time of the monotonic clock; then kill what is left of it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, by - time.monotonic()))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def stop(processes: Iterable[Process]) -> None:
    """Ask all to end, and see to it that they do, children and all."""
    ending = list(processes)
    for process in ending:
        process.ask_to_end()
    by = time.monotonic() + _ENDS_IN
    for process in ending:
        process.end(by=by)


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-25:])


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
