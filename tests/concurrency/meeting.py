"""Making processes meet in the very window that a guard is there to close.

Where the guard holds, they cannot all come to the point; whoever did goes on after a while. Where
it was taken out they all come, however busy the machine is, so that a negative control does not
depend on luck.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import re
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

_fork = multiprocessing.get_context("fork")


class MeetingPoint:
    """A place where ``size`` processes wait for each other, ``patience`` seconds at most, once.

    Of two points before one statement the one entered first is met first; of two points after one
    statement, the one entered last.
    """

    def __init__(self, size: int, *, patience: float = 2.0) -> None:
        self._barrier = _fork.Barrier(size)
        self._patience = patience
        self._was_there = False

    def meet(self) -> None:
        if self._was_there:
            return
        self._was_there = True
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(self._patience)

    def before(self, pattern: str) -> contextlib.AbstractContextManager[None]:
        """Meet before the first statement that the regular expression fits."""

        def wrapper(
            execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
        ) -> Any:
            if re.search(pattern, sql, flags=re.DOTALL):
                self.meet()
            return execute(sql, params, many, context)

        return connection.execute_wrapper(wrapper)

    def after(self, pattern: str) -> contextlib.AbstractContextManager[None]:
        """Meet after the first statement that the regular expression fits."""

        def wrapper(
            execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
        ) -> Any:
            result = execute(sql, params, many, context)
            if re.search(pattern, sql, flags=re.DOTALL):
                self.meet()
            return result

        return connection.execute_wrapper(wrapper)
