"""Work in processes of its own: fresh ones, with Django set up and nothing else in memory."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

# Fork would copy the threads' locks of this process (a progress bar's, a mail server's).
_spawn = multiprocessing.get_context("spawn")


class WorkFailed(Exception):
    """A process met an error, or died. The text says which."""


class Crew:
    """Processes that stay, and do what they are told at the same moment; use it as a context."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []
        self._start = _spawn.Barrier(size)
        for _number in range(size):
            mine, theirs = _spawn.Pipe()
            process = _spawn.Process(target=_serve, args=(theirs, self._start), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(mine)
            self._processes.append(process)

    def run(self, job: Callable[..., Any], shares: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Give each its share, let all go at once, and return what each came back with.

        ``job`` must be a function of a module. Raises WorkFailed.
        """
        for pipe, share in zip(self._pipes, shares, strict=True):
            pipe.send((job, share))
        return [_answer(pipe) for pipe in self._pipes]

    def seconds(self, job: Callable[..., Any], shares: Sequence[tuple[Any, ...]]) -> float:
        """How long they take together, from the first that begins to the last that ends."""
        spans = self.run(_timed, [(job, *share) for share in shares])
        return max(end for _begin, end in spans) - min(begin for begin, _end in spans)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_error: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(5)
            process.kill()


def in_own_process(job: Callable[..., Any], *args: Any) -> Any:
    """Run a function of a module in a fresh process, and return what it returns."""
    with Crew(1) as crew:
        return crew.run(job, [args])[0]


def _answer(pipe: Connection) -> Any:
    try:
        error, value = pipe.recv()
    except EOFError:
        raise WorkFailed("A process of the bench died.") from None
    if error:
        raise WorkFailed(error)
    return value


def _serve(pipe: Connection, start: Any) -> None:
    import django

    django.setup()
    while True:
        try:
            job, share = pipe.recv()
        except EOFError:
            return
        start.wait(60)
        try:
            pipe.send(("", job(*share)))
        except Exception as error:
            pipe.send((f"{type(error).__name__}: {error}", None))


def _timed(job: Callable[..., Any], *args: Any) -> tuple[float, float]:
    begin = time.monotonic()
    job(*args)
    return begin, time.monotonic()
