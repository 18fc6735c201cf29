"""An order that was made, and one whose keys come later."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from saleor_cdkeys.suppliers.base import SupplierOrder
from saleor_cdkeys.testing.supplier_contract.fixtures import Buy


def bought(buy: Buy) -> uuid.UUID:
    """The reference of an order that was made."""
    reference = uuid.uuid4()
    buy(reference=reference)
    return reference


def wait_for(ask: Callable[[], SupplierOrder | None]) -> SupplierOrder:
    """The order when it has all its keys, for which it is asked again and again."""
    for _attempt in range(100):
        order = ask()
        if order is not None and order.is_final:
            return order
        time.sleep(0.05)
    raise AssertionError("The order is never final.")
