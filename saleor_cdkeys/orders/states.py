"""The moves a key order may make, as data.

:mod:`saleor_cdkeys.orders.transitions` is the only writer and asks here first.
"""

from __future__ import annotations

from saleor_cdkeys.statuses import KeyOrderStatus as S

#: Nothing leads out of these.
FINAL = frozenset({S.REFUNDED, S.CANCELED})

#: The statuses in which keys may still be obtained.
UNOBTAINED = frozenset({S.PENDING, S.PROCESSING, S.WAITING, S.FAILED})

_CALLED_OFF = frozenset({S.REFUNDED, S.CANCELED})

MOVES: dict[S, frozenset[S]] = {
    # paid, confirmed and due · no source, held, manual · staff typed the keys
    S.PENDING: frozenset({S.PROCESSING, S.WAITING, S.FULFILLED}) | _CALLED_OFF,
    # every key obtained · parked · gave up
    S.PROCESSING: frozenset({S.FULFILLED, S.WAITING, S.FAILED}) | _CALLED_OFF,
    # restock, retry timer, staff "process" · staff typed the keys
    S.WAITING: frozenset({S.PROCESSING, S.FULFILLED}) | _CALLED_OFF,
    S.FAILED: frozenset({S.PROCESSING, S.FULFILLED}) | _CALLED_OFF,
    # accepted by the mail server, or staff "mark delivered"
    S.FULFILLED: frozenset({S.DELIVERED}) | _CALLED_OFF,
    S.DELIVERED: _CALLED_OFF,
    S.REFUNDED: frozenset(),
    S.CANCELED: frozenset(),
}


def is_allowed(*, from_status: S, to_status: S) -> bool:
    return to_status in MOVES[from_status]


def why_not(*, from_status: S, to_status: S) -> str:
    """The reason for people why a move is refused, with what can be done instead."""
    if from_status in FINAL:
        return "that status is final."
    allowed = ", ".join(sorted(status.value for status in MOVES[from_status]))
    return f"from there it can become {allowed}."
