"""Telling apps of stock. Nobody listens here."""


def trigger_product_variant_out_of_stock(stock, requestor, webhooks=None):
    pass


def trigger_product_variant_back_in_stock(stock, requestor, webhooks=None):
    pass


def trigger_product_variant_stocks_updated(stocks, requestor, webhooks=None):
    pass
