"""When CodesWholesale says no, and when it need not be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    OutcomeUnknown,
    Refused,
    TryLater,
)
from saleor_cdkeys.suppliers.codeswholesale.reading import error_code
from saleor_cdkeys.suppliers.http import Answer
from saleor_cdkeys.suppliers.rate_limit import Gate

#: Its codes for orders that were surely not made. Any other no leaves the outcome unknown.
_NOES: Mapping[str, tuple[type[Refused], str | Promise]] = {
    "10002": (BalanceTooLow, gettext_lazy("The balance at the supplier is too low.")),
    "20001": (Refused, gettext_lazy("The product is not in the supplier's price list.")),
    "40002": (Refused, gettext_lazy("The supplier does not sell this quantity.")),
}


def refuse_order(answer: Answer) -> NoReturn:
    """Raise what an answer means that is no order."""
    code = error_code(answer)
    if not answer.is_success and code in _NOES:
        refusal, text = _NOES[code]
        raise refusal(str(text), supplier_code=code)
    raise OutcomeUnknown(
        _("The supplier gave an answer that does not say what it did."),
        supplier_code=code or str(answer.status),
    )


def refuse(answer: Answer) -> NoReturn:
    """Raise what a no to a call means that buys nothing."""
    code = error_code(answer)
    if answer.status == 403:
        raise AccountProblem(
            _("The supplier does not allow this account to ask for it."), supplier_code=code
        )
    if code in _NOES:
        refusal, text = _NOES[code]
        raise refusal(str(text), supplier_code=code)
    raise Refused(
        _("The supplier refused: %(code)s.") % {"code": code or answer.status}, supplier_code=code
    )


def let_through(gate: Gate) -> None:
    """Raises TryLater where a call may not be made now."""
    wait = gate.seconds_to_wait()
    if wait:
        raise TryLater(_("The supplier is asked too often."), retry_after=wait)
