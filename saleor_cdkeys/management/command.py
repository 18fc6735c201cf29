"""What the commands have in common: examples under their help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter

_EXAMPLES = "examples:"


class CdKeysCommand(BaseCommand):
    """A command whose ``--help`` ends with ``examples``, one a line as one would type it."""

    examples = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=f"{_EXAMPLES}{self.examples}",
            formatter_class=_HelpFormatter,
            **kwargs,
        )


class _HelpFormatter(DjangoHelpFormatter):
    """Django's, with the lines of the examples left as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith(_EXAMPLES):
            return text
        return super()._fill_text(text, width, indent)
