"""Logging an unforeseen error without its text, which may quote what it choked on: a code, say.

Nor are local variables kept, as error trackers do with what ``logger.exception`` hands them.
"""

from __future__ import annotations

import logging
import traceback


def log_failure(logger: logging.Logger, what: str, error: BaseException) -> None:
    """An ERROR record of what failed, the kind of the error and of those behind it, and where."""
    logger.error("%s: %s", what, _kinds(error))


def _kinds(error: BaseException) -> str:
    told: list[str] = []
    current: BaseException | None = error
    while current is not None and len(told) < 5:
        told.append(f"{type(current).__name__} at {_place(current)}")
        current = current.__cause__ or current.__context__
    return ", after ".join(told)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{_module(frame.filename)}:{frame.lineno}" for frame in frames[-8:]) or "?"


def _module(filename: str) -> str:
    return "/".join(filename.replace("\\", "/").split("/")[-2:])
