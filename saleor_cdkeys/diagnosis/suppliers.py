"""Whether the suppliers' accounts can be used."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.acquisition.trial import ask_supplier
from saleor_cdkeys.diagnosis.addresses import is_local
from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning
from saleor_cdkeys.errors import ConfigurationError, SealBroken
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.statuses import PauseReason
from saleor_cdkeys.suppliers.base import AccountProblem, SupplierError
from saleor_cdkeys.values import Money

_SANDBOX = "sandbox"


def suppliers(*, online: bool = False) -> Iterator[Finding]:
    """Each active account opens; ``online`` asks the suppliers for balance or price, too."""
    active = list(Supplier.objects.filter(is_active=True))
    if not active:
        yield fine(_("No supplier is in use."))
    for supplier in active:
        yield from _account(supplier, online=online)
        yield from _pause(supplier)
        yield from _balance(supplier)
        yield from _settings(supplier)


def _account(supplier: Supplier, *, online: bool) -> Iterator[Finding]:
    name = {"name": supplier.name}
    try:
        if online:
            yield _answer(supplier)
            return
        with open_account(supplier=supplier):
            yield fine(_("%(name)s is set up.") % name)
    except SealBroken:
        yield problem(
            _("The credentials of %(name)s do not open: they were copied from another row.") % name,
            _("Enter them anew with cdKeySupplierUpdate."),
        )
    except ConfigurationError as error:
        yield problem(str(error), _("Correct it with cdKeySupplierUpdate, or switch it off."))


def _answer(supplier: Supplier) -> Finding:
    """What the supplier says to a question that buys nothing."""
    try:
        told = ask_supplier(supplier=supplier)
    except AccountProblem as error:
        return problem(
            f"{supplier.name}: {error}", _("Correct the account with cdKeySupplierUpdate.")
        )
    except SupplierError as error:
        return problem(
            f"{supplier.name}: {error}", _("Check its address, and whether the supplier is down.")
        )
    if told.balance is not None and told.balance.amount <= 0:
        return problem(
            _("The account at %(name)s is empty.") % {"name": supplier.name},
            _("Pay money in; orders that wait for it go on by themselves."),
        )
    return fine(told.in_words(supplier))


def _pause(supplier: Supplier) -> Iterator[Finding]:
    if not supplier.pause_reason:
        return
    name = {"name": supplier.name, "message": supplier.pause_message}
    text = _("Nothing is bought at %(name)s for now: %(message)s") % name
    if supplier.pause_reason in (PauseReason.ACCOUNT, PauseReason.BALANCE):
        yield problem(
            text,
            _("Top up or correct the account; it is tried out by itself, or cdKeySupplierResume."),
        )
    else:
        yield warning(
            text,
            _("It is tried out by itself. Ask it now with cdKeySupplierTest."),
        )


def _balance(supplier: Supplier) -> Iterator[Finding]:
    least, left = supplier.low_balance_amount, supplier.balance_amount
    if least is not None and left is not None and left < least:
        yield warning(
            _("%(name)s: %(balance)s are left, less than %(least)s.")
            % {
                "name": supplier.name,
                "balance": Money(left, supplier.balance_currency),
                "least": Money(least, supplier.balance_currency),
            },
            _("Top it up, or change lowBalanceAmount with cdKeySupplierUpdate."),
        )


def _settings(supplier: Supplier) -> Iterator[Finding]:
    name = {"name": supplier.name}
    if not supplier.mappings.filter(is_active=True).exists():
        yield warning(
            _("No product is mapped to %(name)s, so nothing is bought there.") % name,
            _("Map key products with cdKeySupplierMappingCreate, or switch it off."),
        )
    if supplier.adapter == _SANDBOX and not settings.DEBUG:
        yield warning(
            _("%(name)s is a sandbox: what it sells to your customers is made up.") % name,
            _("Switch it off before you sell for money."),
        )
    for value in supplier.config.values():
        address = urlsplit(str(value))
        if address.scheme == "http" and address.hostname and not is_local(address.hostname):
            yield warning(
                _("%(name)s is asked over http: credentials and codes can be read on the way.")
                % name,
                _("Give its address with https://."),
            )
