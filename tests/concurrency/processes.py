"""Jobs in processes of their own, each with a database connection of its own.

The processes are forked from the test's, which has Django and its settings loaded; nothing but the
database, the mail server and the suppliers is shared after that.
"""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.db import connection, connections

_fork = multiprocessing.get_context("fork")

Job = Callable[[], Any]


@dataclasses.dataclass(frozen=True)
class Ended:
    """What became of a job: its value, or the name of the error's type and its text."""

    value: Any = None
    error: str = ""
    text: str = ""


def at_once(*jobs: Job, timeout: float = 60.0) -> list[Ended]:
    """Run each job in a process of its own, all let go at the same moment, and wait for them.

    Fails the test if one of them hangs or dies.
    """
    connections.close_all()
    start = _fork.Barrier(len(jobs))
    running = []
    for job in jobs:
        receiver, sender = _fork.Pipe(duplex=False)
        process = _started(_live, job, start, sender)
        sender.close()
        running.append((process, receiver))
    deadline = time.monotonic() + timeout
    try:
        return [_collect(process, receiver, deadline) for process, receiver in running]
    finally:
        for process, receiver in running:
            process.kill()
            process.join()
            receiver.close()


def _started(target: Callable[..., None], *args: Any) -> Any:
    process = _fork.Process(target=target, args=args, daemon=True)
    with warnings.catch_warnings():
        # The only threads here are the servers', and they idle while nobody talks to them.
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        process.start()
    return process


def _live(job: Job, start: Any, sender: Connection) -> None:
    connections.close_all()
    connection.ensure_connection()
    start.wait(30)
    try:
        sender.send(Ended(value=job()))
    except Exception as error:
        sender.send(Ended(error=type(error).__name__, text=str(error)))
    finally:
        connections.close_all()


def _collect(process: Any, receiver: Connection, deadline: float) -> Ended:
    if not receiver.poll(max(0.0, deadline - time.monotonic())):
        raise AssertionError(f"Process {process.pid} did not end in time.")
    try:
        ended: Ended = receiver.recv()
    except EOFError:
        process.join()
        raise AssertionError(f"Process {process.pid} died: {process.exitcode}.") from None
    process.join()
    return ended


def until_killed(job: Job, *, timeout: float = 60.0) -> bool:
    """Run a job in a process of its own; True if that process was killed, False if it came through.

    Returns when the database has noticed as well: what the process had not committed is undone.
    """
    connections.close_all()
    process = _started(_live_alone, job)
    process.join(timeout)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError("The job did not end in time.")
    wait_until_alone()
    if process.exitcode == 0:
        return False
    assert process.exitcode == -signal.SIGKILL, f"The job ended with {process.exitcode}."
    return True


def _live_alone(job: Job) -> None:
    connections.close_all()
    job()
    connections.close_all()


@contextlib.contextmanager
def stalled(job: Job, *, timeout: float = 60.0) -> Iterator[None]:
    """Run a job until it stalls; what the block does happens meanwhile; then the job goes on.

    Fails the test if the job does not come to its end after that.
    """
    connections.close_all()
    process = _started(_live_alone, job)
    try:
        deadline = time.monotonic() + timeout
        while _state(process.pid) != "T":
            assert process.exitcode is None, "The job came through without stalling."
            assert time.monotonic() < deadline, "The job did not stall in time."
            time.sleep(0.005)
        yield
        os.kill(process.pid, signal.SIGCONT)
        process.join(timeout)
        assert process.exitcode == 0, f"The job ended with {process.exitcode} after its stall."
    finally:
        process.kill()
        process.join()


def _state(pid: int) -> str:
    """The kernel's letter for what a process does: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def stall() -> None:
    """Stop this process until somebody lets it go on, as a machine that swaps or sleeps does."""
    os.kill(os.getpid(), signal.SIGSTOP)


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def wait_until_alone(timeout: float = 10.0) -> None:
    """Until no other connection to this database is left."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    deadline = time.monotonic() + timeout
    while True:
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
        assert time.monotonic() < deadline, "Connections of ended processes are still open."
        time.sleep(0.01)
