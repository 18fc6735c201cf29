"""When G2A says no, and what each of its codes means."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    Busy,
    PriceTooHigh,
    Refused,
    TryLater,
)
from saleor_cdkeys.suppliers.g2a.reading import error_code
from saleor_cdkeys.suppliers.http import Answer
from saleor_cdkeys.values import Money

BUSY = "BR03"
NO_SUCH_PRODUCT = "BR04"
NO_SUCH_ORDER = "ORD02"
FETCHED_BEFORE = "ORD04"
PAID_TOO_LATE = "ORD114"
#: There is no key to fetch: not yet, or because nobody paid.
NO_KEY_YET = frozenset({"ORD03", "ORD05", "ORD06", PAID_TOO_LATE})
#: Refusals of a payment that was not even tried.
UNPAID = frozenset({"BR01", "BR02", "BR04", "BR08", "CTTYPE", "WRONGURL", "ORD01", "ORD02"})
#: Refusals of an order that have nothing to do with price or stock.
MEANINGLESS = frozenset({"BR01", NO_SUCH_PRODUCT, "CTTYPE", "WRONGURL"})

_NO_MONEY = "ORD112"
#: Problems of the account, whichever call they come with: that call bought nothing.
_ACCOUNT: Mapping[str, str | Promise] = {
    "AUTH01": gettext_lazy("G2A did not get the credentials of this account."),
    "AUTH02": gettext_lazy("G2A does not accept the credentials of this account."),
    "AUTH03": gettext_lazy("G2A does not let this server's IP address in. Ask G2A to add it."),
    "AUTH04": gettext_lazy("G2A does not allow this account to do that."),
    _NO_MONEY: gettext_lazy("The G2A wallet does not hold enough money."),
    "ORD121": gettext_lazy("The limit of G2A PAY is reached."),
}


def raise_for_account(answer: Answer, *, busy: type[Busy] | type[TryLater]) -> None:
    """Raise where the account, or how often it asks (``busy``), is the problem."""
    code = error_code(answer)
    if code == BUSY:
        raise busy(_("The supplier is asked too often."), retry_after=answer.retry_after)
    if code in _ACCOUNT:
        problem = BalanceTooLow if code == _NO_MONEY else AccountProblem
        raise problem(str(_ACCOUNT[code]), supplier_code=code)


def refused(code: str) -> Refused:
    """A no that only a person can do something about."""
    return Refused(_("G2A refused: %(code)s.") % {"code": code}, supplier_code=code)


def too_dear(price: Money, highest: Money) -> PriceTooHigh:
    return PriceTooHigh(
        _("G2A asks %(price)s, at most %(highest)s is allowed.")
        % {"price": price, "highest": highest}
    )
