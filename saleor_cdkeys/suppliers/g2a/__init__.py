"""G2A's integration API, the buyer's side.

An order is made, paid for, and its key fetched. Making it reserves one key for half an hour and
costs nothing; a key can be fetched a single time. There is no reference of ours and no list of
orders. So the id of an order is committed before it is paid for, and it is paid for once: nobody
says whether paying again would charge again. An order without a known id was never paid for.
"""

from saleor_cdkeys.suppliers.g2a.account import G2ASupplier

__all__ = ["G2ASupplier"]
