"""Whether the suppliers' accounts can be used."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.diagnosis.addresses import is_local
from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning
from saleor_cdkeys.errors import ConfigurationError, SealBroken
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.base import AccountProblem, OutOfStock, SupplierAdapter, SupplierError
from saleor_cdkeys.values import Money

_SANDBOX = "sandbox"


def suppliers(*, online: bool = False) -> Iterator[Finding]:
    """Each active account opens; ``online`` asks the suppliers for balance or price, too."""
    active = list(Supplier.objects.filter(is_active=True))
    if not active:
        yield fine(_("No supplier is in use."))
    for supplier in active:
        yield from _account(supplier, online=online)
        yield from _settings(supplier)


def _account(supplier: Supplier, *, online: bool) -> Iterator[Finding]:
    name = {"name": supplier.name}
    try:
        with open_account(supplier=supplier) as adapter:
            yield _answer(supplier, adapter) if online else fine(_("%(name)s is set up.") % name)
    except SealBroken:
        yield problem(
            _("The credentials of %(name)s do not open: they were copied from another row.") % name,
            _("Enter them anew with cdKeySupplierUpdate."),
        )
    except ConfigurationError as error:
        yield problem(str(error), _("Correct it with cdKeySupplierUpdate, or switch it off."))


def _answer(supplier: Supplier, adapter: SupplierAdapter) -> Finding:
    """What the supplier says to a question that buys nothing."""
    name = {"name": supplier.name}
    try:
        if adapter.capabilities.balance:
            return _of_balance(supplier, adapter.balance())
        mapping = supplier.mappings.filter(is_active=True).first()
        if mapping is None:
            return fine(_("%(name)s is set up; there is nothing to ask it for.") % name)
        adapter.quote(supplier_product_id=mapping.supplier_product_id, quantity=1)
    except OutOfStock:
        pass
    except AccountProblem as error:
        return problem(
            f"{supplier.name}: {error}", _("Correct the account with cdKeySupplierUpdate.")
        )
    except SupplierError as error:
        return problem(
            f"{supplier.name}: {error}", _("Check its address, and whether the supplier is down.")
        )
    return fine(_("%(name)s answers.") % name)


def _of_balance(supplier: Supplier, balance: Money | None) -> Finding:
    if balance is not None and balance.amount <= 0:
        return problem(
            _("The account at %(name)s is empty.") % {"name": supplier.name},
            _("Pay money in; orders that wait for it go on by themselves."),
        )
    if balance is None:
        return fine(_("%(name)s answers.") % {"name": supplier.name})
    return fine(
        _("%(name)s answers; the balance is %(amount)s.")
        % {"name": supplier.name, "amount": f"{balance.amount:,.2f} {balance.currency}"}
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
