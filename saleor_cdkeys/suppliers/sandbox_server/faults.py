"""What the sandbox can be told to do wrong, and when."""

from __future__ import annotations

import random
import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from enum import StrEnum


class Fault(StrEnum):
    """One way to go wrong with one call. ``before``: nothing is sold; ``after``: it was."""

    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    #: Sells when the buyer has long stopped waiting.
    SELLS_LATE = "sells_late"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    DOWN_BEFORE = "down_before"
    DOWN_AFTER = "down_after"
    BUSY = "busy"
    #: Sold, and the answer is a web page, stops in the middle, or lacks a code.
    GARBAGE = "garbage"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"
    #: Fewer keys than ordered: the missing ones free of charge, or paid for all the same.
    TOO_FEW = "too_few"
    TOO_FEW_CHARGED = "too_few_charged"
    TOO_MANY = "too_many"
    DUPLICATE_CODE = "duplicate_code"
    IMAGE = "image"
    FILE = "file"
    FIELDS = "fields"
    LATE = "late"
    LATE_REST = "late_rest"
    PRICE_RISES = "price_rises"
    OVERCHARGE = "overcharge"
    NO_STOCK = "no_stock"
    NO_BALANCE = "no_balance"
    WRONG_CREDENTIALS = "wrong_credentials"
    #: Sold, the answer is lost, and the next two look-ups fail as well.
    LOOKUP_ERROR = "lookup_error"


#: Faults that come before anything is sold. Calls that sell nothing can meet these.
BEFORE = frozenset(
    {
        Fault.TIMEOUT_BEFORE,
        Fault.DROP_BEFORE,
        Fault.ERROR_BEFORE,
        Fault.DOWN_BEFORE,
        Fault.BUSY,
        Fault.WRONG_CREDENTIALS,
    }
)

#: Of what calls that sell nothing meet by lot: what concerns the account, and what does not.
_OF_ACCOUNT = (Fault.BUSY, Fault.WRONG_CREDENTIALS)
_OF_CALL = tuple(sorted(BEFORE - set(_OF_ACCOUNT)))
_RARE = 0.05

#: The faults a rehearsal draws from: none of them needs a person in the end.
PASSING = (
    Fault.TIMEOUT_BEFORE,
    Fault.TIMEOUT_AFTER,
    Fault.DROP_BEFORE,
    Fault.DROP_AFTER,
    Fault.ERROR_BEFORE,
    Fault.ERROR_AFTER,
    Fault.DOWN_BEFORE,
    Fault.DOWN_AFTER,
    Fault.BUSY,
    Fault.GARBAGE,
    Fault.CUT_OFF,
    Fault.TOO_FEW,
    Fault.TOO_MANY,
    Fault.IMAGE,
    Fault.FIELDS,
    Fault.LATE,
    Fault.LATE_REST,
    Fault.LOOKUP_ERROR,
)


class Call(StrEnum):
    """What the buyer asks for."""

    ORDER = "order"
    QUOTE = "quote"
    LOOKUP = "lookup"
    BALANCE = "balance"
    CATALOGUE = "catalogue"


class Script:
    """Which call meets which fault.

    For an order: what was queued for its product, else what was set for the nth order, else what
    was queued for any, else a share by lot. For other calls: what was queued for them, else
    ``call_share`` of them fail by lot.
    """

    def __init__(
        self,
        *,
        share: float = 0.0,
        seed: int = 0,
        faults: Sequence[Fault] = PASSING,
        call_share: float = 0.0,
    ) -> None:
        self._queued: deque[Fault | None] = deque()
        self._of_product: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._of_call: dict[Call, deque[Fault | None]] = defaultdict(deque)
        self._nth: dict[int, Fault] = {}
        self._orders = 0
        self._share = share
        self._call_share = call_share
        self._faults = tuple(faults)
        self._dice = random.Random(seed)  # noqa: S311
        self._lock = threading.Lock()

    def queue(self, faults: Iterable[Fault | None], *, product: str = "") -> None:
        """The next orders (of that product) meet these, one each; None lets one through."""
        with self._lock:
            (self._of_product[product] if product else self._queued).extend(faults)

    def queue_for(self, call: Call, faults: Iterable[Fault | None]) -> None:
        """The next calls of this sort meet these, one each; None lets one through."""
        with self._lock:
            self._of_call[call].extend(faults)

    def set_nth(self, number: int, fault: Fault) -> None:
        """The order of that number, counted from 1 from the server's start, meets this."""
        with self._lock:
            self._nth[number] = fault

    def set_share(self, share: float) -> None:
        """From 0 to 1: how many of the orders that meet nothing else go wrong."""
        with self._lock:
            self._share = share

    def draw_order(self, product: str) -> Fault | None:
        """What the next order meets, which is for this product."""
        with self._lock:
            self._orders += 1
            if self._of_product[product]:
                return self._of_product[product].popleft()
            if self._orders in self._nth:
                return self._nth.pop(self._orders)
        return self.draw()

    def draw(self) -> Fault | None:
        """What an order meets that nothing was set for in particular."""
        with self._lock:
            if self._queued:
                return self._queued.popleft()
            if self._dice.random() < self._share:
                return self._dice.choice(self._faults)
            return None

    def draw_for(self, call: Call) -> Fault | None:
        """What a call meets that is no order."""
        with self._lock:
            queued = self._of_call[call]
            if queued:
                return queued.popleft()
            if self._call_share and self._dice.random() < self._call_share:
                # What stops the whole account is rare, or nothing else would be seen.
                rare = self._dice.random() < _RARE
                return self._dice.choice(_OF_ACCOUNT if rare else _OF_CALL)
            return None
