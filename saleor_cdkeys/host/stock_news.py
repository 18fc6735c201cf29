"""Telling apps that stock changed, as Saleor does when staff change it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.contrib.sites.models import Site

from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.host.versions import (
    trigger_back_in_stock_in_channel_events_for_stocks,
    trigger_out_of_stock_in_channel_events_for_stocks,
    trigger_product_variant_back_in_stock,
    trigger_product_variant_out_of_stock,
    trigger_product_variant_stocks_updated,
)

logger = logging.getLogger(__name__)


def announce(changed: Sequence[Any], *, back: Sequence[Any], out: Sequence[Any]) -> None:
    """Tell of these stocks: all of them changed, some came back into stock, some ran out.

    It never raises: the stock is committed, and a broker that is down must not stop what follows.
    """
    try:
        _announce(list(changed), list(back), list(out))
    except Exception as error:
        log_failure(logger, "Telling apps of changed stock failed", error)


def _announce(changed: list[Any], back: list[Any], out: list[Any]) -> None:
    for stock in back:
        trigger_product_variant_back_in_stock(stock, None)
    for stock in out:
        trigger_product_variant_out_of_stock(stock, None)
    trigger_product_variant_stocks_updated(changed, None)
    site: Any = Site.objects.get_current()
    # Where shipping zones decide what a channel has, nothing is told by channel.
    if getattr(site.settings, "use_legacy_shipping_zone_stock_availability", True):
        return
    if back:
        trigger_back_in_stock_in_channel_events_for_stocks(back, site.settings)
    if out:
        trigger_out_of_stock_in_channel_events_for_stocks(out, site.settings)
