"""Lists and the queue at a million rows, against the same at a thousand."""

from __future__ import annotations


def measure(*a):
    return []
