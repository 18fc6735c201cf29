"""What each fault means for a buyer."""

from __future__ import annotations

from collections.abc import Mapping

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    Busy,
    OutOfStock,
    PriceTooHigh,
    Refused,
)
from saleor_cdkeys.suppliers.sandbox_server.faults import Fault

#: Nothing is sold, and the adapter must see that it is a clear no.
CLEAR_NOES: Mapping[Fault, type[Refused]] = {
    Fault.NO_STOCK: OutOfStock,
    Fault.NO_BALANCE: BalanceTooLow,
    Fault.WRONG_CREDENTIALS: AccountProblem,
    Fault.PRICE_RISES: PriceTooHigh,
    Fault.BUSY: Busy,
}
#: The buyer cannot tell whether it was sold: it was not, or it was.
UNSOLD = (Fault.TIMEOUT_BEFORE, Fault.DROP_BEFORE, Fault.ERROR_BEFORE, Fault.DOWN_BEFORE)
SOLD = (
    *(Fault.TIMEOUT_AFTER, Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.DOWN_AFTER),
    *(Fault.GARBAGE, Fault.CUT_OFF, Fault.UNREADABLE),
)
#: Answers of these arrive, so they are kept even though they cannot be read.
KEPT_UNREAD = (Fault.CUT_OFF, Fault.UNREADABLE)
