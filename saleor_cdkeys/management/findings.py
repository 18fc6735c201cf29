"""What the doctor prints."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from saleor_cdkeys.diagnosis import Examined, Finding, Level

_SIGNS = {Level.OK: ("✓", "green"), Level.WARNING: ("!", "yellow"), Level.PROBLEM: ("✗", "red")}
_TITLE_WIDTH = 17


def heading(version: str) -> RenderableType:
    return Text(f"saleor-cdkeys {version}\n", style="bold")


def examined(check: Examined) -> RenderableType:
    """A check as a row, or as several where it found several things."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(width=_TITLE_WIDTH)
    table.add_column(overflow="fold")
    for number, finding in enumerate(check.findings):
        sign, color = _SIGNS[finding.level]
        title = Text(check.title if number == 0 else "", style="bold")
        table.add_row(Text(sign, style=f"bold {color}"), title, _text(finding, color))
    return Padding(table, (0, 0, 0, 1))


def _text(finding: Finding, color: str) -> RenderableType:
    text = Text(finding.text, style="" if finding.level is Level.OK else color)
    if not finding.remedy:
        return text
    remedy = Table.grid(padding=(0, 1))
    remedy.add_row("→", Text(finding.remedy))
    return Group(text, remedy)


def summary(checks: Iterable[Examined]) -> RenderableType:
    """How many findings of each level there are, the worst first."""
    levels = [finding.level for check in checks for finding in check.findings]
    problems, warnings = levels.count(Level.PROBLEM), levels.count(Level.WARNING)
    parts = []
    if problems:
        text = ngettext("%(count)d problem", "%(count)d problems", problems) % {"count": problems}
        parts.append(Text(text, style="bold red"))
    if warnings:
        text = ngettext("%(count)d warning", "%(count)d warnings", warnings) % {"count": warnings}
        parts.append(Text(text, style="bold yellow"))
    if not parts:
        parts.append(Text(_("Everything is well."), style="bold green"))
    return Text("\n ") + Text(" · ").join(parts)
