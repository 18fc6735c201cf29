"""When to come back. Pure."""

from __future__ import annotations

import datetime as dt
import random

_BASE = 30.0
_LONGEST = 3600.0


def backoff(attempts: int, *, base: float = _BASE, longest: float = _LONGEST) -> dt.timedelta:
    """The pause after that many tries: doubling, up to ``longest`` seconds, ±20 % of jitter.

    The jitter keeps a thousand orders that failed together from coming back together.
    """
    pause: float = min(base * 2 ** min(attempts, 20), longest)
    return dt.timedelta(seconds=pause * random.uniform(0.8, 1.2))  # noqa: S311
