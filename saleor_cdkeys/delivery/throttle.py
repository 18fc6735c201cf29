"""How often a link, an address or an order may ask, counted in Django's cache.

Windows are fixed: the count starts anew every ``seconds``. Subjects are hashed, so the cache holds
no address and no token.
"""

from __future__ import annotations

import dataclasses
import hashlib
import ipaddress
import logging
import time

from django.core.cache import cache
from django.utils.translation import gettext as _

from saleor_cdkeys.errors import CdKeysError

logger = logging.getLogger(__name__)

# What many customers share an address with is a proxy or a network behind one address.
_SHARED_ADDRESS_FACTOR = 20


class TooManyRequests(CdKeysError):
    """Asked too often. ``retry_after``: seconds until it is worth asking again."""

    code = "too_many_requests"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(_("Too many requests. Try again later."))
        self.retry_after = retry_after


@dataclasses.dataclass(frozen=True, slots=True)
class Limit:
    """``count`` times in ``seconds``.

    ``needs_cache``: refuse where the cache cannot count. Right where each time costs a mail or is
    a guess at something guessable; wrong where it would keep a customer from a paid key, whose
    link nobody can guess anyway.
    """

    name: str
    count: int
    seconds: int
    needs_cache: bool = False


REVEAL_PER_LINK = Limit("reveal-link", 40, 3600)
REVEAL_PER_ADDRESS = Limit("reveal-address", 120, 3600)
UNKNOWN_LINK_PER_ADDRESS = Limit("unknown-address", 30, 3600)
WRONG_ANSWER_PER_LINK = Limit("answer-link", 10, 86400, needs_cache=True)
NEW_LINK_PER_SUBJECT = Limit("new-link-subject", 3, 3600, needs_cache=True)
NEW_LINK_PER_ORDER = Limit("new-link-order", 5, 3600, needs_cache=True)
NEW_LINK_PER_ADDRESS = Limit("new-link-address", 15, 3600, needs_cache=True)


def hit(limit: Limit, *, subject: str) -> None:
    """Count one more. Raises TooManyRequests where that is one too many."""
    _check(limit, _count(limit, subject, add=1), limit.count)


def hit_address(limit: Limit, *, ip: str | None) -> None:
    """Count one more of a network address; an IPv6 customer counts as their whole /64."""
    subject, allowed = _address_subject(limit, ip)
    _check(limit, _count(limit, subject, add=1), allowed)


def check_address(limit: Limit, *, ip: str | None) -> None:
    """Raise TooManyRequests where an address has used up its number, without counting."""
    subject, allowed = _address_subject(limit, ip)
    _check(limit, _count(limit, subject, add=0), allowed - 1)


def check(limit: Limit, *, subject: str) -> None:
    """Raise TooManyRequests where a subject has used up its number, without counting."""
    _check(limit, _count(limit, subject, add=0), limit.count - 1)


def _address_subject(limit: Limit, ip: str | None) -> tuple[str, int]:
    try:
        address = ipaddress.ip_address(ip or "")
    except ValueError:
        return "unknown", limit.count * _SHARED_ADDRESS_FACTOR
    if not address.is_global:
        # A proxy that CDKEYS_TRUSTED_PROXIES does not tell of: all customers seem to sit there.
        return str(address), limit.count * _SHARED_ADDRESS_FACTOR
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False)), limit.count
    return str(address), limit.count


def _check(limit: Limit, count: int | None, allowed: int) -> None:
    if count is None:
        if limit.needs_cache:
            raise TooManyRequests(retry_after=60)
    elif count > allowed:
        raise TooManyRequests(retry_after=limit.seconds - int(time.time()) % limit.seconds)


def _count(limit: Limit, subject: str, *, add: int) -> int | None:
    """The count in the current window after adding; None where the cache is of no help."""
    window = int(time.time()) // limit.seconds
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    name = f"cdkeys:{limit.name}:{window}:{digest}"
    try:
        if not add:
            return int(cache.get(name, 0))
        cache.add(name, 0, timeout=limit.seconds * 2)
        return int(cache.incr(name, add))
    except Exception as error:  # each cache backend has errors of its own
        logger.warning("The cache cannot count requests: %s", type(error).__name__)
        return None
