"""Telling apps of a channel's stock. Nobody listens here."""


def trigger_out_of_stock_in_channel_events_for_stocks(
    stocks, site_settings, requestor=None, webhooks=None, source_warehouses_data=None
):
    pass


def trigger_back_in_stock_in_channel_events_for_stocks(
    stocks, site_settings, requestor=None, webhooks=None
):
    pass
