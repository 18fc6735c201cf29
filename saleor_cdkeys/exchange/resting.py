"""How long the address of exchange rates is left alone where it fails: by all workers, ever longer.

Kept in Django's cache, which all workers share and whose clock is one for all. A cache that is
emptied or fails lets the address be asked.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterator

from django.core.cache import cache

from saleor_cdkeys.failure_log import log_failure

logger = logging.getLogger(__name__)

#: Seconds that it is left alone after one failure, and at most.
_FIRST = 300
_LONGEST = 4 * 3600
#: Seconds after which failures are forgotten: longer than any rest.
_FORGET = 24 * 3600


def take_turn(url: str) -> bool:
    """Whether to ask the address now: it is not left alone, and no other worker is asking it.

    Who asks says afterwards how that went; where a worker dies first, the next turn comes after the
    shortest rest.
    """
    with _as_far_as_the_cache_works():
        return bool(cache.add(_key("rest", url), True, timeout=_FIRST))
    return True


def note_failure(url: str) -> int:
    """Leave the address alone for so many seconds, twice as long each time; returns how many."""
    failures = 1
    with _as_far_as_the_cache_works():
        cache.add(_key("failures", url), 0, timeout=_FORGET)
        failures = cache.incr(_key("failures", url))
    seconds = min(_FIRST * 2 ** min(failures - 1, 20), _LONGEST)
    with _as_far_as_the_cache_works():
        cache.touch(_key("failures", url), timeout=_FORGET)
        cache.set(_key("rest", url), True, timeout=seconds)
    return seconds


def note_success(url: str) -> None:
    """The address works: whatever was counted against it is over."""
    with _as_far_as_the_cache_works():
        cache.delete_many([_key("failures", url), _key("rest", url)])


def _key(name: str, url: str) -> str:
    return f"cdkeys:rates:{name}:{hashlib.sha256(url.encode()).hexdigest()}"


@contextlib.contextmanager
def _as_far_as_the_cache_works() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        log_failure(logger, "The cache that tells when to ask for exchange rates failed", error)
