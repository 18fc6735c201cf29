"""What ends a demo before its verdict."""

from __future__ import annotations


class DemoFailed(Exception):
    """The demo could not be played to its end. The text says to people why."""
