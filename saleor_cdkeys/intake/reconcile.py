"""Finding paid orders that no hook announced.

An exception in any plugin swallows the hooks that follow, and a repeated checkout fires none: what
a hook lost stays lost. So Saleor's orders are gone through in the order of their last update, page
by page. A sweep goes on where the last one stopped; the whole window is gone through anew now and
then, because a variant may become a key product after it was sold.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid

from django.core.cache import cache
from django.utils import timezone

from saleor_cdkeys import conf
from saleor_cdkeys.host.key_lines import Place, charged_open_orders, lost_key_lines
from saleor_cdkeys.intake.record import record_lines

logger = logging.getLogger(__name__)

#: Orders younger than this are left to their hooks, which may be running at this moment.
_SETTLING = dt.timedelta(seconds=60)
#: How long after its start one walk through the window is followed by the next.
_WALK = dt.timedelta(hours=1)
#: Orders that one query looks at.
_PAGE = 1000
#: Where the walk is, for all workers together. Without it, a walk simply starts.
_CACHE_KEY = "saleor_cdkeys:reconcile"
_FIRST = uuid.UUID(int=0)


@dataclasses.dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through the window: until when it goes on, and where it is."""

    until: dt.datetime
    place: Place


def find_lost_orders(*, limit: int) -> list[uuid.UUID]:
    """Record charged, open orders of the last CDKEYS_RECONCILE_DAYS that the plugin does not know.

    Stops after ``limit`` orders or a page more; the next call goes on. Returns the orders found.
    """
    now = timezone.now()
    walk = _resumed(now)
    found: list[uuid.UUID] = []
    while len(found) < limit:
        page = charged_open_orders(after=walk.place, until=now - _SETTLING, limit=_PAGE)
        if page:
            lines = lost_key_lines(order_ids=[place.order_id for place in page], now=now)
            found += record_lines(lines)
            walk = dataclasses.replace(walk, place=page[-1])
        if len(page) < _PAGE:
            break
    _remember(walk)
    return found


def _resumed(now: dt.datetime) -> _Walk:
    walk = _remembered()
    if walk is not None and now < walk.until:
        return walk
    since = now - dt.timedelta(days=conf.get("CDKEYS_RECONCILE_DAYS"))
    return _Walk(until=now + _WALK, place=Place(since, _FIRST))


def _remembered() -> _Walk | None:
    try:
        kept = cache.get(_CACHE_KEY)
    except Exception as error:
        logger.warning("The cache does not answer (%s).", type(error).__name__)
        return None
    if not kept:
        return None
    until, updated_at, order_id = kept
    return _Walk(until, Place(updated_at, order_id))


def _remember(walk: _Walk) -> None:
    kept = (walk.until, walk.place.updated_at, walk.place.order_id)
    try:
        cache.set(_CACHE_KEY, kept, timeout=_WALK.total_seconds())
    except Exception as error:
        logger.warning("The cache does not answer (%s).", type(error).__name__)
