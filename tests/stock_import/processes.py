"""Running jobs at once in real processes, each with its own connection to the test's database."""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable

from django.db import connections

_FORK = multiprocessing.get_context("fork")
_LONGEST = 60

Job = Callable[[], object]
Meet = Callable[[], object]


def together(count: int) -> Meet:
    """A meeting point: each of ``count`` processes waits there for the others."""
    barrier = _FORK.Barrier(count, timeout=_LONGEST)
    return barrier.wait


def run_at_once(*jobs: Job) -> list[int]:
    """Run each job in a process of its own; returns their exit codes (0: no exception)."""
    connections.close_all()
    processes = [_FORK.Process(target=_run, args=(job,)) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join(_LONGEST)
        if process.is_alive():
            process.kill()
            process.join()
    return [process.exitcode or 0 for process in processes]


def _run(job: Job) -> None:
    try:
        job()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    finally:
        connections.close_all()
    os._exit(0)


def kill_myself() -> None:
    """End as by a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)
