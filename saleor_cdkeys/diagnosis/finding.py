"""What a check finds."""

from __future__ import annotations

import dataclasses
from enum import StrEnum


class Level(StrEnum):
    """PROBLEM: something does not work, or soon will not. WARNING: worth a look."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is well or not, in plain words; ``remedy`` says how to mend it."""

    level: Level
    text: str
    remedy: str = ""


def fine(text: str) -> Finding:
    return Finding(Level.OK, text)


def warning(text: str, remedy: str) -> Finding:
    return Finding(Level.WARNING, text, remedy)


def problem(text: str, remedy: str) -> Finding:
    return Finding(Level.PROBLEM, text, remedy)
