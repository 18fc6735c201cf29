"""What has to be looked after now and then: rates, pauses, balances, shop, mappings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from saleor_cdkeys.acquisition.balances import watch_balances
from saleor_cdkeys.acquisition.freshness import refresh_mappings
from saleor_cdkeys.acquisition.health import try_out_paused
from saleor_cdkeys.acquisition.rates import fetch_rates
from saleor_cdkeys.acquisition.shop.sync import follow_in_shop
from saleor_cdkeys.failure_log import log_failure

logger = logging.getLogger(__name__)

_one_at_a_time = threading.Lock()


def tend() -> None:
    """Do what is due of each; one that fails does not stop the others.

    Suppliers and others are asked over the network, so no transaction may be open. In a process one
    thread at a time does it: the others have better things to do than to wait for slow suppliers.
    """
    if not _one_at_a_time.acquire(blocking=False):
        return
    try:
        for work in _WORKS:
            try:
                work()
            except Exception as error:
                log_failure(logger, f"{work.__name__} failed", error)
    finally:
        _one_at_a_time.release()


_WORKS: tuple[Callable[[], int], ...] = (
    fetch_rates,
    try_out_paused,
    watch_balances,
    follow_in_shop,
    # Last, because it takes the longest.
    refresh_mappings,
)
