"""When Bamboo says no."""

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
    OutOfStock,
    Refused,
)
from saleor_cdkeys.suppliers.http import Answer

ALREADY_EXISTS = "OrderAlreadyExists"
NOT_FOUND = "OrderNotFound"

_NOT_SOLD = gettext_lazy("Bamboo does not sell this product to this account.")

#: Its reasons for orders that were surely not made. Any other no leaves the outcome unknown.
_NOES: Mapping[str, tuple[type[Refused], str | Promise]] = {
    "WrongAccount": (
        AccountProblem,
        gettext_lazy("The credentials have no active account with this number."),
    ),
    "InsufficientBalance": (
        BalanceTooLow,
        gettext_lazy("The balance at the supplier is too low."),
    ),
    "UserNotEnabled": (AccountProblem, gettext_lazy("Bamboo has not enabled this account.")),
    "ClientCatalogNotExist": (
        AccountProblem,
        gettext_lazy("Bamboo has not given this account a catalogue yet."),
    ),
    "ProductIsOutOfStock": (
        OutOfStock,
        gettext_lazy("The supplier has no key of this product."),
    ),
    "InvalidProductIds": (Refused, _NOT_SOLD),
    "InvalidProduct": (Refused, _NOT_SOLD),
    "NoProducts": (Refused, _NOT_SOLD),
    "InvalidDenomination": (Refused, gettext_lazy("The card does not come at this face value.")),
    "CardsLimitExceeded": (
        Refused,
        gettext_lazy("Bamboo does not sell so many cards to this account."),
    ),
    "ClientPriceInvalid": (
        Refused,
        gettext_lazy("Bamboo has no valid price of this product for this account."),
    ),
}
_REASONS = {name.casefold(): name for name in (*_NOES, ALREADY_EXISTS, NOT_FOUND)}
_WORD = re.compile("[A-Za-z]+")
#: Where a reason may stand: one is documented, another was seen.
_PLACES = ("reasonCode", "message", "error")


def reasons(answer: Answer) -> list[str]:
    """The reasons that an answer names, wherever they stand; nothing else of it is repeated."""
    body = answer.body if isinstance(answer.body, dict) else {}
    texts = [body[place] for place in _PLACES if isinstance(body.get(place), str)]
    words = [word.casefold() for text in texts for word in _WORD.findall(text)]
    return [_REASONS[word] for word in words if word in _REASONS]


def refuse_order(answer: Answer, *, reference: str) -> NoReturn:
    """Raise what a no to an order means."""
    named = reasons(answer)
    if ALREADY_EXISTS in named:
        raise OutcomeUnknown(
            _("The supplier has an order with this reference already."),
            supplier_code=ALREADY_EXISTS,
            supplier_order_id=reference,
        )
    _refuse_if_known(answer, named)
    raise OutcomeUnknown(
        _("The supplier gave an answer that does not say what it did."),
        supplier_code=named[0] if named else str(answer.status),
    )


def refuse(answer: Answer) -> NoReturn:
    """Raise what a no to a call means that buys nothing."""
    named = reasons(answer)
    _refuse_if_known(answer, named)
    code = named[0] if named else str(answer.status)
    raise Refused(_("The supplier refused: %(code)s.") % {"code": code}, supplier_code=code)


def refuse_if_forbidden(answer: Answer) -> None:
    """Raise AccountProblem for a 403, which Bamboo gives to whom it does not let in at all."""
    if answer.status == 403:
        raise AccountProblem(
            _("Bamboo does not let this account in. Is the server's address on its list?"),
            supplier_code="403",
        )


def _refuse_if_known(answer: Answer, named: list[str]) -> None:
    for reason in named:
        if reason in _NOES:
            refusal, text = _NOES[reason]
            raise refusal(str(text), supplier_code=reason)
    refuse_if_forbidden(answer)
