"""Buying keys from suppliers so that nothing is paid for twice and nothing paid for is lost.

Write the intent, commit, call, record: a :class:`~saleor_cdkeys.models.Purchase` is committed
before its request leaves, and counts as unknown from the moment before it does. What a supplier did
not answer clearly is looked up by our reference until it is clear; until then nothing else is
bought for the key order.
"""

from saleor_cdkeys.acquisition.purchasing.buying import try_suppliers
from saleor_cdkeys.acquisition.purchasing.journal import next_look
from saleor_cdkeys.acquisition.purchasing.lookup import resolve_open

__all__ = ["next_look", "resolve_open", "try_suppliers"]
