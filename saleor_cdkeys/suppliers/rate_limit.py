"""How often an account may be asked, by all workers together, and when it asked to be left alone.

Counted in Django's cache, which all workers share. A cache that fails lets calls through: the
supplier's own limit then answers.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import time
from collections.abc import Iterator, Sequence

from django.core.cache import cache

from saleor_cdkeys.failure_log import log_failure

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls in so many seconds, counted from full multiples of them."""

    calls: int
    seconds: int


class Gate:
    """What an account's calls go through. Without an ``account`` it stands open."""

    def __init__(self, *, account: str, rates: Sequence[Rate] = ()) -> None:
        self._account = account
        self._rates = rates

    def seconds_to_wait(self) -> float:
        """0 where a call may be made now, which is counted; else the seconds until one may."""
        if not self._account:
            return 0.0
        with _as_far_as_the_cache_works():
            now = time.time()
            until = cache.get(self._key("pause"), 0.0)
            if until > now:
                return float(until - now)
            for rate in self._rates:
                window = int(now // rate.seconds)
                key = self._key(f"{rate.seconds}:{window}")
                cache.add(key, 0, timeout=rate.seconds * 2)
                if cache.incr(key) > rate.calls:
                    return float((window + 1) * rate.seconds - now)
        return 0.0

    def pause(self, seconds: float) -> None:
        """Ask nothing for so long, as the supplier wished."""
        if self._account:
            with _as_far_as_the_cache_works():
                cache.set(self._key("pause"), time.time() + seconds, timeout=seconds + 1)

    def _key(self, name: str) -> str:
        return f"cdkeys:supplier:{self._account}:{name}"


@contextlib.contextmanager
def _as_far_as_the_cache_works() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        log_failure(logger, "The cache that counts calls to suppliers failed", error)
