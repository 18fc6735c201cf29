"""When to come back. Pure."""

from __future__ import annotations

import datetime as dt
import random

_BASE = 30.0
_LONGEST = 3600.0
_SPREAD = 10.0


def backoff(attempts: int, *, base: float = _BASE, longest: float = _LONGEST) -> dt.timedelta:
    """The pause after that many tries: doubling, up to ``longest`` seconds, ±20 % of jitter.

    The jitter keeps a thousand orders that failed together from coming back together.
    """
    pause: float = min(base * 2 ** min(attempts, 20), longest)
    return dt.timedelta(seconds=pause * random.uniform(0.8, 1.2))  # noqa: S311


def not_before(seconds: float) -> dt.timedelta:
    """A pause that somebody asked for, and up to as long again, ten seconds at least.

    Whoever was sent away at one moment must not come back at one moment.
    """
    return dt.timedelta(seconds=seconds + random.uniform(0, max(seconds, _SPREAD)))  # noqa: S311
