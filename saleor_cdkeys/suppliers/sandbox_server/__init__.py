"""The sandbox supplier's own side: a real HTTP server on loopback that can be told to fail.

The fake servers of real suppliers (:mod:`saleor_cdkeys.suppliers.fakes`) are built on its parts.
"""

from saleor_cdkeys.suppliers.sandbox_server.faults import Call, Fault, Script
from saleor_cdkeys.suppliers.sandbox_server.goods import Listing, Product, Sold
from saleor_cdkeys.suppliers.sandbox_server.server import FakeServer, SandboxServer
from saleor_cdkeys.suppliers.sandbox_server.shop import Shop

__all__ = [
    "Call",
    "FakeServer",
    "Fault",
    "Listing",
    "Product",
    "SandboxServer",
    "Script",
    "Shop",
    "Sold",
]
