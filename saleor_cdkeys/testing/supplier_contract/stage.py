"""What an author of an adapter gives: the adapter in front of a fake that keeps the books."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import Refused, SupplierAdapter
from saleor_cdkeys.suppliers.sandbox_server.faults import Call, Fault
from saleor_cdkeys.values import KeyCode, Money

PRICE = Money(Decimal("5.10"), "EUR")


class Stage:
    """An adapter in front of a supplier that sells ``product`` for 5.10 EUR each.

    Inherit it, and set what differs. A fault that is not in ``faults`` cannot happen in the
    supplier's protocol; its tests are skipped.
    """

    product: str
    unknown_product: str
    #: What must never be seen: credentials.
    secrets: tuple[str, ...]
    faults: frozenset[Fault] = frozenset(Fault)
    #: The error of a clear no, where the supplier's words tell less than the fault does.
    clear_noes: Mapping[Fault, type[Refused]] = {}
    #: Whether the answer to an order holds the keys, rather than one to a second question.
    keys_in_answer = True
    #: Whether it makes another order of a reference that it knows, and lists both under it.
    repeats = False
    #: How long after it was sent an order that is not found is clearly none.
    clear_after = dt.timedelta(seconds=1)

    def adapter(self) -> SupplierAdapter:
        raise NotImplementedError

    def adapter_with_wrong_credentials(self) -> SupplierAdapter:
        raise NotImplementedError

    def adapter_that_reaches_nobody(self) -> SupplierAdapter:
        raise NotImplementedError

    def will(self, *faults: Fault | None) -> None:
        """What the next orders meet."""
        raise NotImplementedError

    def will_on(self, call: Call, *faults: Fault | None) -> None:
        """What the next calls of that sort meet."""
        raise NotImplementedError

    def set_stock(self, stock: int) -> None:
        raise NotImplementedError

    def set_price(self, price: str) -> None:
        raise NotImplementedError

    def noted(self, reference: uuid.UUID, supplier_order_id: str) -> None:
        """The adapter told the supplier's id of an order with our reference."""

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        """The codes of the order with that reference, also those not handed out yet."""
        raise NotImplementedError

    def orders_sold(self) -> list[uuid.UUID]:
        """The references of all that was sold and has to be paid for."""
        raise NotImplementedError


def wants(stage: Stage, fault: Fault) -> None:
    """Skip a test whose fault cannot happen."""
    if fault not in stage.faults:
        pytest.skip("It cannot happen in this supplier's protocol.")


def most(stage: Stage, quantity: int) -> int:
    """As many keys as one order of the supplier may have, up to a quantity."""
    with closing(stage.adapter()) as adapter:
        return quantity if adapter.capabilities.quantity else 1
