"""Keeping httpx and httpcore from logging our calls.

They log addresses with their queries, and the headers of answers. Only calls made inside the block
are left out of the logs, not those of other packages.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from contextvars import ContextVar

#: A filter counts for the logger it is at, not for those below it, so each needs one.
_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)

_is_quiet: ContextVar[bool] = ContextVar("cdkeys_is_quiet", default=False)


def _lets_through(_record: logging.LogRecord) -> bool:
    return not _is_quiet.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_lets_through)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    before = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(before)
