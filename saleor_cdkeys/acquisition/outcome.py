"""What came of trying to get keys, for the runner to turn into a move."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum

from saleor_cdkeys.statuses import Reason


class Kind(StrEnum):
    """FILLED: every unit has its key. AGAIN: something changed meanwhile; decide anew at once.

    PENDING: accepted, keys to come. UNKNOWN: it may or may not have been sold. REFUSED: a clear no
    everywhere. TRY_LATER: somebody could not be asked. NEEDS_PERSON: only staff can go on.
    """

    FILLED = "filled"
    AGAIN = "again"
    PENDING = "pending"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    TRY_LATER = "try_later"
    NEEDS_PERSON = "needs_person"


@dataclasses.dataclass(frozen=True, slots=True)
class PurchaseOutcome:
    """``retry_after``: seconds to wait before asking again, where somebody said so.

    ``is_awaited``: the keys were bought and come with the release. ``release_date``: the day, if it
    is known, on which they come, or on which they can be bought.
    """

    kind: Kind
    reason: Reason = Reason.NONE
    message: str = ""
    retry_after: float | None = None
    is_awaited: bool = False
    release_date: dt.date | None = None
