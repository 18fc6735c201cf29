"""Asking a supplier something that buys nothing, to see whether an account works."""

from __future__ import annotations

import dataclasses
import logging

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.acquisition.balances import Reading, ask_balance, note_balance
from saleor_cdkeys.errors import CdKeysError, InvalidInput
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import Supplier, SupplierMapping
from saleor_cdkeys.suppliers.base import AccountProblem, Refused
from saleor_cdkeys.values import Money

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What a supplier said. ``reading`` is None where it tells no balance; ``was_asked`` is False
    where there was nothing to ask it for."""

    reading: Reading | None = None
    was_asked: bool = True

    @property
    def balance(self) -> Money | None:
        return None if self.reading is None else self.reading.balance

    def in_words(self, supplier: Supplier) -> str:
        """The same for people."""
        name = {"name": supplier.name}
        if self.balance is not None:
            amount = f"{self.balance.amount:,.2f} {self.balance.currency}"
            return _("%(name)s answers; the balance is %(amount)s.") % {**name, "amount": amount}
        if self.was_asked:
            return _("%(name)s answers.") % name
        return _("%(name)s is set up; there is nothing to ask it for.") % name


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying an account out; ``message`` says what is wrong where it does not work."""

    supplier: Supplier
    is_working: bool
    message: str
    balance: Money | None = None


def ask_supplier(*, supplier: Supplier) -> Told:
    """Ask for the balance or, where the supplier does not tell one, for a price.

    A product that it does not sell is an answer as well. Changes nothing. Raises SupplierError
    where it does not answer or does not accept the account, and what open_account raises. Talks to
    the supplier, so no transaction may be open.
    """
    with open_account(supplier=supplier) as adapter:
        if adapter.capabilities.balance:
            return Told(reading=ask_balance(supplier=supplier, adapter=adapter))
        mapping = SupplierMapping.objects.filter(supplier=supplier, is_active=True).first()
        if mapping is None:
            return Told(was_asked=False)
        try:
            adapter.quote(supplier_product_id=mapping.supplier_product_id, quantity=1)
        except AccountProblem:
            raise
        except Refused:
            pass
    return Told()


def try_account(*, supplier_id: int) -> Trial:
    """Ask a supplier now, whether it is paused or switched off or not, and note its balance.

    A pause stays as it is. Raises InvalidInput for an unknown supplier. Talks to the supplier, so
    no transaction may be open.
    """
    supplier = Supplier.objects.filter(pk=supplier_id).first()
    if supplier is None:
        raise InvalidInput(_("There is no such supplier."), field="id", code="not_found")
    try:
        told = ask_supplier(supplier=supplier)
    except CdKeysError as error:
        return Trial(supplier, is_working=False, message=f"{supplier.name}: {error}")
    except Exception as error:
        log_failure(logger, f"The adapter of supplier {supplier.pk} failed", error)
        message = _("%(supplier)s: the adapter failed (%(kind)s).") % {
            "supplier": supplier.name,
            "kind": type(error).__name__,
        }
        return Trial(supplier, is_working=False, message=message)
    if told.reading is not None:
        note_balance(supplier=supplier, reading=told.reading)
    return Trial(supplier, is_working=True, message=told.in_words(supplier), balance=told.balance)
