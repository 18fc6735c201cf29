"""Kinguin's eCommerce API (ESA), the buyer's side.

An order is found again by our reference, but nobody promises any more that a repeated reference is
refused: an order is sent once, at the quoted price, and looked for afterwards. An order is one
thing and its keys are another: they are downloaded, as often as one likes, as far as they are
delivered.
"""

from saleor_cdkeys.suppliers.kinguin.account import KinguinSupplier

__all__ = ["KinguinSupplier"]
