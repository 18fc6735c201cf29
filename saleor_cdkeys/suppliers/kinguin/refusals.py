"""When Kinguin says no. Its ``kind`` decides: which status comes with it is mostly not told."""

from __future__ import annotations

import re
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
    SupplierError,
)
from saleor_cdkeys.suppliers.http import Answer

#: No offer at the price and in the quantity that were asked for.
UNAVAILABLE = "ProductUnavailable"
NO_SUCH_ORDER = "OrderNotFound"

#: Orders that were surely not made. Any other no leaves the outcome unknown: OrderFailed above all.
_NOES: Mapping[str, tuple[type[Refused], str | Promise]] = {
    "Authorization": (
        AccountProblem,
        gettext_lazy("The supplier does not accept the credentials of this account."),
    ),
    "InsufficientBalance": (
        BalanceTooLow,
        gettext_lazy("The balance at the supplier is too low."),
    ),
    "ConstraintViolation": (
        Refused,
        gettext_lazy("The supplier does not take the request as it is (ConstraintViolation)."),
    ),
    "Preorder": (Refused, gettext_lazy("The supplier does not sell this ahead in that way.")),
}
#: Returns that were surely not taken up.
_NO_RETURNS: Mapping[str, str | Promise] = {
    "NoKeysToReturn": gettext_lazy(
        "The supplier takes no key of this order back: they were returned or claimed before, came "
        "more than 24 hours ago, or were a pre-order."
    ),
    NO_SUCH_ORDER: gettext_lazy("The supplier does not know this order."),
    "OrderNotSupported": gettext_lazy("The supplier takes nothing of such an old order back."),
}

_KIND = re.compile("[A-Za-z]{1,32}")


def kind(answer: Answer) -> str:
    """The supplier's own word for what is wrong; anything else in that place is not repeated."""
    told = answer.body.get("kind") if isinstance(answer.body, dict) else None
    return told if isinstance(told, str) and _KIND.fullmatch(told) else ""


def refuse_order(answer: Answer) -> NoReturn:
    """Raise what a no to an order means, other than that the product is unavailable."""
    code = kind(answer)
    if code in _NOES and not _is_about_our_reference(answer):
        _raise(code)
    raise OutcomeUnknown(
        _("The supplier gave an answer that does not say what it did."),
        supplier_code=code or str(answer.status),
    )


def refuse_return(answer: Answer) -> NoReturn:
    code = kind(answer)
    if code in _NO_RETURNS:
        raise Refused(str(_NO_RETURNS[code]), supplier_code=code)
    refuse_order(answer)


def refuse_look_up(answer: Answer) -> NoReturn:
    """Raise what a no to a look-up means, other than that there is no such order."""
    _refuse_account(answer)
    raise OutcomeUnknown(
        _("The supplier answered %(status)d to the look-up.") % {"status": answer.status},
        supplier_code=kind(answer),
    )


def refuse(answer: Answer) -> NoReturn:
    """Raise what a no to a call means that buys nothing."""
    _refuse_account(answer)
    code = kind(answer)
    if code in _NOES:
        _raise(code)
    raise Refused(
        _("The supplier refused: %(code)s.") % {"code": code or answer.status}, supplier_code=code
    )


def refuse_list(answer: Answer, permanent: type[SupplierError]) -> NoReturn:
    """As ``refuse``, but with ``permanent`` for what is neither the account nor will pass."""
    _refuse_account(answer)
    code = kind(answer)
    raise permanent(
        _("The supplier refused: %(code)s.") % {"code": code or answer.status}, supplier_code=code
    )


def _refuse_account(answer: Answer) -> None:
    code = kind(answer)
    if code == "Authorization":
        _raise(code)
    if answer.status == 403:
        raise AccountProblem(
            _(
                "The supplier does not let this account in. Where it keeps a list of addresses for "
                "the store, this server's must be on it."
            ),
            supplier_code=code or "403",
        )


def _raise(code: str) -> NoReturn:
    refusal, text = _NOES[code]
    raise refusal(str(text), supplier_code=code)


def _is_about_our_reference(answer: Answer) -> bool:
    """A reference may be refused because there is an order with it: then something was sold."""
    return any(
        "orderExternalId" in str(answer.body.get(field, "")) for field in ("propertyPath", "detail")
    )
