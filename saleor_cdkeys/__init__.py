"""Sell game keys with Saleor: from the paid order to the delivered key."""

__version__ = "0.1.0"
