"""When the sweeper last got through, kept in Django's cache for whoever asks whether it runs.

It is a sign of life and nothing hangs on it: where the cache is down, or belongs to one process
alone, there is none.
"""

from __future__ import annotations

import datetime
import logging

from django.core.cache import cache
from django.utils import timezone

_NAME = "cdkeys:last-sweep"
#: A week, in seconds. After that "never" is as good an answer.
_KEPT = 7 * 86400

logger = logging.getLogger(__name__)


def beat() -> None:
    """Note that a sweep ended just now. Raises nothing: a sweep is worth more than its note."""
    try:
        cache.set(_NAME, timezone.now().timestamp(), _KEPT)
    except Exception as error:
        # The address of the cache, which the error's text may quote, can hold a password.
        logger.warning("The sweep could not be noted in the cache: %s", type(error).__name__)


def last() -> datetime.datetime | None:
    """When a sweep last ended, or None where nobody knows. Raises what the cache raises."""
    seconds = cache.get(_NAME)
    return None if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.UTC)
