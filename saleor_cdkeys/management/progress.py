"""Showing how far a command is that reads a file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

#: Takes the number of rows so far, and the fraction of the file (0 to 1), where known.
Show = Callable[[int, float | None], None]


@contextlib.contextmanager
def progress_bar(name: str) -> Iterator[Show]:
    """A bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda rows, fraction: None
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task(name, total=None)

        def show(rows: int, fraction: float | None) -> None:
            total = None if not fraction else max(rows, int(rows / fraction))
            bar.update(task, completed=rows, total=total)

        yield show
