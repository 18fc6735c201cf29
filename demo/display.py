"""What the terminal shows: steps as they are done, bars while orders come in, tables at the end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from demo.promises import Promise

_WIDTH = 100
_LABEL = 24


class Display:
    """One terminal. Where it is none, the same text without colours and bars."""

    def __init__(self, *, record: bool = False) -> None:
        self.console = Console(highlight=False, record=record)
        if self.console.width > _WIDTH or not self.console.is_terminal:
            self.console.width = _WIDTH

    def title(self, text: str, detail: str) -> None:
        self.console.print(f"\n[bold]{escape(text)}[/] [dim]{escape(detail)}[/]\n")

    @contextlib.contextmanager
    def step(self, doing: str) -> Iterator[list[str]]:
        """A line that says what is done and how long it took; append to the list for a detail."""
        started = time.monotonic()
        detail: list[str] = []
        with self.console.status(f"{doing} …", spinner="dots"):
            yield detail
        took = f"{time.monotonic() - started:5.1f} s"
        line = f"[green]✓[/] {escape(doing):<{_LABEL}} [dim]{escape(' '.join(detail))}[/]"
        self.console.print(_between(line, f"[dim]{took}[/]", self.console.width))

    @contextlib.contextmanager
    def bars(self) -> Iterator[Bars]:
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(bar_width=36, complete_style="cyan", finished_style="green"),
            TextColumn("[bold]{task.completed:>5.0f}[/] [dim]of {task.total:.0f}[/]"),
            TextColumn("[dim]{task.fields[note]}[/]"),
        )
        self.console.print()
        with Progress(*columns, console=self.console, refresh_per_second=5) as progress:
            yield Bars(progress)
        self.console.print()

    def table(self, table: Table) -> None:
        self.console.print(table)
        self.console.print()

    def line(self, text: str = "") -> None:
        self.console.print(text)

    def promises(self, promises: Sequence[Promise]) -> None:
        for promise in promises:
            mark = "[green]✓[/]" if promise.is_kept else "[bold red]✗[/]"
            grid = Table.grid(padding=(0, 1))
            grid.add_column(width=1)
            grid.add_column(width=_LABEL - 8, style="bold" if promise.is_kept else "bold red")
            grid.add_column(style="dim")
            grid.add_row(Text.from_markup(mark), promise.title, "\n".join(promise.facts))
            for text in promise.broken[:5]:
                grid.add_row("", "", Text(text, style="red not dim"))
            if len(promise.broken) > 5:
                more = f"and {len(promise.broken) - 5} more"
                grid.add_row("", "", Text(more, style="red not dim"))
            self.console.print(grid)
        self.console.print()

    def verdict(self, text: str, *, good: bool) -> None:
        colour = "green" if good else "red"
        self.console.print(Panel(f"[bold {colour}]{escape(text)}[/]", border_style=colour))


class Bars:
    """The bars that move while the shop is open."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, name: str, *, done: int, total: int, note: str = "") -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(f"{name:<20}", total=total, note=note)
        self._progress.update(self._tasks[name], completed=done, total=total, note=note)


def _between(left: str, right: str, width: int) -> Table:
    """Two texts, one at each end of a line."""
    grid = Table.grid(expand=True)
    grid.add_column(no_wrap=True, overflow="ellipsis")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_row(left, right)
    grid.width = width
    return grid
