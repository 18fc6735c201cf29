"""What the person at the terminal sees: how far it is, and the verdict."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from chaos.books import Audit
from chaos.options import Options
from chaos.progress import Progress

#: Seconds between two lines of progress.
_EVERY = 10.0
#: Breaches that are named; the rest is counted.
_SHOWN = 15


class Display:
    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._told = time.monotonic()

    def begin(self, options: Options) -> None:
        self._console.print(
            f"[bold]chaos[/bold]  seed {options.seed} · {options.orders:,} orders · "
            f"{options.workers} workers · {options.bad:.0%} of all answers bad · "
            f"{', '.join(options.sellers)}"
        )
        if not options.has_journal:
            self._console.print("[bold]The journal is taken out: this run must fail.[/bold]")

    def say(self, text: str) -> None:
        self._console.print(f"  {text} …")

    def progress(
        self, placed: int, orders: int, progress: Progress, met: Mapping[str, int]
    ) -> None:
        if time.monotonic() - self._told < _EVERY:
            return
        self._told = time.monotonic()
        done = progress.statuses.get("delivered", 0)
        troubles = ", ".join(f"{count} × {what}" for what, count in met.items()) or "no trouble yet"
        self._console.print(
            f"  {placed:,} of {orders:,} placed · {done:,} delivered · "
            f"{progress.backlog:,} at work · {troubles}"
        )

    def result(self, options: Options, found: Audit, met: Counter[str], *, seconds: float) -> None:
        table = Table(show_header=False, box=None, padding=(0, 2))
        for what, count in sorted(found.statuses.items()):
            table.add_row(f"key orders {what}", f"{count:,}")
        table.add_row("orders in the suppliers' books", f"{found.sold_orders:,}")
        table.add_row("keys in them", f"{found.sold_keys:,}")
        table.add_row("  of these in stock, for the next", f"{found.in_stock:,}")
        table.add_row("  of these never handed out, with an alert", f"{found.parked_keys:,}")
        table.add_row("spent", f"{found.spent:,.2f} EUR")
        table.add_row("  of this for orders that staff must clear", f"{found.unclear:,.2f} EUR")
        for what, count in sorted(met.items()):
            table.add_row(what, f"{count:,}")
        self._console.print(table)
        if found.broken:
            lines = list(found.broken[:_SHOWN])
            if len(found.broken) > _SHOWN:
                lines.append(f"… and {len(found.broken) - _SHOWN} more")
            self._console.print(
                Panel("\n".join(lines), title="Broken promises", border_style="red")
            )
        else:
            self._console.print(
                Panel(
                    "Nothing lost, nothing bought twice, every order delivered or parked with a "
                    f"reason and an alert, every cent accounted for. {seconds:.0f} s.",
                    border_style="green",
                )
            )
        self._console.print(f"To replay: ./dev chaos {options.command_line}", soft_wrap=True)
