"""Tables and colours as text, for terminals and for pipes."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

WIDTH = 100


def render(*parts: RenderableType, in_color: bool) -> str:
    """The parts as text, one below the other."""
    console = Console(
        file=io.StringIO(), width=WIDTH, force_terminal=in_color, highlight=False, soft_wrap=False
    )
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    # Tables fill their last column with blanks, which get in the way when copied.
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
