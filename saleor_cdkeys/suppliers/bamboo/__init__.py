"""Bamboo: gift cards and keys, by the face value of the card.

Two of its habits shape this. It refuses a reference that it has seen, and finds an order by it:
what became of a lost answer is always clear. And it takes no highest price with an order, so the
price is asked for before, and the charge is read afterwards from its history of orders.
"""

from saleor_cdkeys.suppliers.bamboo.account import BambooSupplier

__all__ = ["BambooSupplier"]
