"""The only file that tells one Saleor version from another: names that moved."""

from __future__ import annotations

from typing import Any

from saleor.plugins.manager import get_plugins_manager

try:  # 3.22 and later
    from saleor.graphql.core.context import ChannelContext
except ImportError:  # 3.21
    from saleor.graphql.channel import ChannelContext

try:  # 3.23 and later: apps are told without the plugins
    from saleor.warehouse.channel_stock_availability import (
        trigger_back_in_stock_in_channel_events_for_stocks,
        trigger_out_of_stock_in_channel_events_for_stocks,
    )
    from saleor.warehouse.webhooks.stock_events import (
        trigger_product_variant_back_in_stock,
        trigger_product_variant_out_of_stock,
        trigger_product_variant_stocks_updated,
    )
except ImportError:  # 3.22: through them, and nobody is told by channel

    def trigger_product_variant_stocks_updated(stocks: Any, requestor: Any) -> None:
        get_plugins_manager(allow_replica=False).product_variant_stocks_updated(stocks)

    def trigger_product_variant_back_in_stock(stock: Any, requestor: Any) -> None:
        get_plugins_manager(allow_replica=False).product_variant_back_in_stock(stock)

    def trigger_product_variant_out_of_stock(stock: Any, requestor: Any) -> None:
        get_plugins_manager(allow_replica=False).product_variant_out_of_stock(stock)

    def trigger_back_in_stock_in_channel_events_for_stocks(stocks: Any, site_settings: Any) -> None:
        pass

    def trigger_out_of_stock_in_channel_events_for_stocks(stocks: Any, site_settings: Any) -> None:
        pass


__all__ = [
    "ChannelContext",
    "trigger_back_in_stock_in_channel_events_for_stocks",
    "trigger_out_of_stock_in_channel_events_for_stocks",
    "trigger_product_variant_back_in_stock",
    "trigger_product_variant_out_of_stock",
    "trigger_product_variant_stocks_updated",
]
