"""What the terminal shows: progress while it runs, on standard error; the figures at the end."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.measure import Measurement

_WIDTH = 112


class Steps:
    """One part's progress: name each step when it begins."""

    def __init__(self, progress: Progress, *, part: str, console: Console) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, part=part)
        self._part = part
        self._console = console

    def expect(self, count: int) -> None:
        """So many steps in all."""
        self._progress.update(self._task, total=count, completed=-1)

    def begin(self, text: str) -> None:
        self._progress.update(self._task, description=text, advance=1)
        if not self._console.is_terminal:
            self._console.print(f"{self._part}: {text}")


@contextlib.contextmanager
def steps(part: str) -> Iterator[Steps]:
    console = Console(stderr=True, highlight=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[part]:<10}"),
        BarColumn(bar_width=24),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        yield Steps(progress, part=part, console=console)


def show(results: Mapping[str, Sequence[Measurement]], *, notes: Sequence[str]) -> None:
    console = Console(highlight=False)
    if console.width > _WIDTH or not console.is_terminal:
        console.width = _WIDTH
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("measured", ratio=1)
    for heading in ("ours", "reference", "ratio", "spread", "target"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for part, measurements in results.items():
        for number, measurement in enumerate(measurements):
            table.add_row(*_cells(part if number == 0 else "", measurement))
        table.add_row()
    console.print(table)
    for note in notes:
        console.print(f"[dim]{note}[/]")


def _cells(part: str, found: Measurement) -> tuple[str, ...]:
    mark = "[green]✓[/]" if found.is_met else "[bold red]✗[/]"
    spread = ""
    if found.lowest is not None and found.highest is not None:
        spread = f"{found.lowest:.2f} to {found.highest:.2f}"
    return (
        f"[bold]{part}[/]",
        found.name,
        f"{_figure(found.ours)} {found.unit}",
        "" if found.reference is None else f"{_figure(found.reference)} {found.unit}",
        "" if found.ratio is None else f"[bold]{found.ratio:.2f}[/]",
        f"[dim]{spread}[/]",
        str(found.target),
        mark if str(found.target) else "",
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def show_json(results: Mapping[str, Sequence[Measurement]]) -> None:
    plain = {part: [each.as_json() for each in found] for part, found in results.items()}
    print(json.dumps(plain, indent=2, ensure_ascii=False))
