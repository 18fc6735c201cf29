"""What the terminal shows: steps as they are done, bars while orders come in, tables at the end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from demo.promises.promise import Promise

_WIDTH = 100
#: Where the second column of steps, bars and promises begins.
_LABEL = 22
#: Breaches of a promise that are shown one by one.
_SHOWN = 5


class Display:
    """One terminal. Where it is none, the same text without colours and bars."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        if self.console.width > _WIDTH or not self.console.is_terminal:
            self.console.width = _WIDTH

    def title(self, text: str, detail: str) -> None:
        self.console.print(f"\n[bold]{escape(text)}[/]  [dim]{escape(detail)}[/]\n")

    @contextlib.contextmanager
    def step(self, doing: str) -> Iterator[list[str]]:
        """A line that says what is done and how long it took; append to the list for a detail."""
        started = time.monotonic()
        detail: list[str] = []
        mark = "[bold red]✗[/]"
        try:
            with self.console.status(f"{doing} …", spinner="dots"):
                yield detail
            mark = "[green]✓[/]"
        finally:
            text = f"[dim]{escape(' '.join(detail))}[/]"
            self.console.print(_row(mark, escape(doing), text, _took(started)))

    @contextlib.contextmanager
    def bars(self) -> Iterator[Bars]:
        columns = (
            TextColumn(" "),
            TextColumn("{task.description}"),
            BarColumn(bar_width=40, complete_style="cyan", finished_style="green"),
            TextColumn("{task.completed:>5.0f} [dim]of {task.total:.0f} {task.fields[what]}[/]"),
        )
        self.console.print()
        with Progress(*columns, console=self.console, refresh_per_second=8) as progress:
            yield Bars(progress)
        self.console.print()

    def outcome(self, table: Table, *, waiting: Sequence[str]) -> None:
        """The table of what became of the orders."""
        self.console.print()
        self.console.print(Padding(table, (0, 0, 1, 2)))
        for text in waiting:
            self.console.print(_row("[yellow]…[/]", "not delivered yet", escape(text)))
        if waiting:
            self.console.print()

    def purchases(self, table: Table, *notes: Sequence[tuple[str, str]]) -> None:
        """The table of what was bought where, and groups of what there is to say about it."""
        self.console.print(Padding(table, (0, 0, 1, 2)))
        for group in filter(None, notes):
            for label, text in group:
                self.console.print(_row("", escape(label), f"[dim]{escape(text)}[/]"))
            self.console.print()

    def promise(self, doing: str, check: Callable[[], Promise]) -> Promise:
        """Check a promise, and say what came of it."""
        started = time.monotonic()
        with self.console.status(f"Looking at {doing} …", spinner="dots"):
            promise = check()
        style = "bold" if promise.is_kept else "bold red"
        mark = "[green]✓[/]" if promise.is_kept else "[bold red]✗[/]"
        lines = [f"[dim]{escape(fact)}[/]" for fact in promise.facts]
        lines += [f"[red]{escape(text)}[/]" for text in promise.broken[:_SHOWN]]
        if len(promise.broken) > _SHOWN:
            lines.append(f"[red]and {len(promise.broken) - _SHOWN} more[/]")
        title = f"[{style}]{escape(promise.title)}[/]"
        self.console.print(_row(mark, title, "\n".join(lines), _took(started)))
        return promise

    def verdict(self, text: str, *, good: bool) -> None:
        colour = "green" if good else "red"
        self.console.print()
        self.console.print(Panel(f"[bold {colour}]{escape(text)}[/]", border_style=colour))

    def pages(self, urls: Sequence[str], *, stays_open: bool) -> None:
        """The addresses of private pages to look at."""
        for url in urls:
            self.console.print("  A private page, as the mail links to it:", style="dim")
            # Whole on one line, so that terminals make a link of it.
            self.console.print(f"  {url}", soft_wrap=True, style="cyan")
        if urls and not stays_open:
            self.console.print("  It closes now; with --serve it stays open.", style="dim")
        self.console.print()

    def endpoint(self, url: str, *, token: str) -> None:
        """Where staff go on over GraphQL while the shop stays open."""
        self.console.print("  GraphQL, as staff:", style="dim")
        self.console.print(f"  {url}/graphql/", soft_wrap=True, style="cyan")
        self.console.print(f"  [dim]Authorization: Bearer[/] {escape(token)}", soft_wrap=True)
        self.console.print("\n  [dim]The shop stays open. Ctrl-C closes it.[/]")

    def line(self, text: str = "") -> None:
        self.console.print(text)


class Bars:
    """The bars that move while the shop is open."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, name: str, *, done: int, total: int, what: str = "keys") -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(
                f"{name:<{_LABEL - 1}}", total=total, what=what
            )
        self._progress.update(self._tasks[name], completed=done)


def _took(started: float) -> str:
    return f"[dim]{time.monotonic() - started:.1f} s[/]"


def _row(mark: str, label: str, text: str, end: str = "") -> Table:
    """Mark, label and text, and something at the right end of the line."""
    row = Table.grid(expand=True)
    row.add_column(width=2)
    row.add_column(width=_LABEL, no_wrap=True)
    row.add_column(ratio=1)
    cells = [mark, label, text]
    if end:
        row.add_column(width=7, justify="right", no_wrap=True)
        cells.append(end)
    row.add_row(*cells)
    return row
