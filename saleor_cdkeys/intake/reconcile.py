"""Finding paid orders that no hook announced.

An exception in any plugin swallows the hooks that follow, and a repeated checkout fires none: what
a hook lost stays lost. So Saleor's recently updated orders are searched.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from saleor_cdkeys import conf
from saleor_cdkeys.host.key_lines import lost_key_lines
from saleor_cdkeys.intake.record import record_lines

#: Orders younger than this are left to their hooks, which may be running at this moment.
_SETTLING = dt.timedelta(seconds=60)


def find_lost_orders(*, limit: int) -> list[uuid.UUID]:
    """Record charged, open orders of the last CDKEYS_RECONCILE_DAYS that the plugin does not know.

    At most ``limit`` lines at a time; the next sweep goes on. Returns the orders found.
    """
    now = timezone.now()
    since = now - dt.timedelta(days=conf.get("CDKEYS_RECONCILE_DAYS"))
    lines = lost_key_lines(since=since, until=now - _SETTLING, now=now, limit=limit)
    return record_lines(lines)
