"""CodesWholesale, version 3 of its API.

Two of its habits shape this. It does not promise to refuse a reference that it has seen, so an
order is sent once and looked for afterwards in the list of orders, which it promises to be neither
prompt nor complete. And an order is one thing and its codes are another: pictures and pre-orders
are read code by code, later.
"""

from saleor_cdkeys.suppliers.codeswholesale.account import CodesWholesaleSupplier

__all__ = ["CodesWholesaleSupplier"]
