"""Calling a command, and what it said."""

from __future__ import annotations

import dataclasses
import io
import os
import subprocess
import sys

from django.core.management import CommandError, call_command


@dataclasses.dataclass(frozen=True)
class Said:
    """What a command wrote, and with which exit code it ended."""

    out: str
    err: str
    code: int = 0

    @property
    def text(self) -> str:
        """What it wrote to standard output, with line breaks and runs of blanks as one blank."""
        return " ".join(self.out.split())


def call(name: str, *arguments: str) -> Said:
    """Call a command in this process as its user would, with standard output being a pipe."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return Said(out.getvalue(), f"{err.getvalue()}{error}", error.returncode)
    except SystemExit as error:
        return Said(out.getvalue(), err.getvalue(), int(error.code or 0))
    return Said(out.getvalue(), err.getvalue())


def start(name: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start a command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "django", name, *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
