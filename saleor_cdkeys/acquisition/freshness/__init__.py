"""Knowing what suppliers say about mapped products, without a call for each of them.

What changed is read where a supplier lists it (``changes``); besides, every mapping is asked for at
its time, many at once (``sweeping``). Either way :func:`note` writes down what was said, flags what
a person should look at, and looks again at orders that can be filled now.
"""

from saleor_cdkeys.acquisition.freshness.refreshing import refresh_mappings

__all__ = ["refresh_mappings"]
