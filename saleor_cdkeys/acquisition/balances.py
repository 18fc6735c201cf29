"""Watching what is left on suppliers' accounts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.statuses import AlertKind
from saleor_cdkeys.suppliers.base import SupplierAdapter
from saleor_cdkeys.values import Money

logger = logging.getLogger(__name__)

_BALANCE = ("balance_amount", "balance_currency", "balance_at")


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What a supplier said is left, and when it was asked, by the database's clock."""

    balance: Money
    asked_at: dt.datetime


def watch_balances() -> int:
    """Ask for the balances that were not asked for in a while; returns how many were told.

    Paused accounts are left alone. An account below its threshold is alerted until it is not.
    """
    return sum(_look(supplier) for supplier in _due())


def read_balance(*, supplier: Supplier) -> Money | None:
    """Ask for a balance now and note it; None where the supplier does not tell.

    Raises SupplierError, or ConfigurationError where the account is not set up.
    """
    with open_account(supplier=supplier) as adapter:
        reading = ask_balance(supplier=supplier, adapter=adapter)
    if reading is None:
        return None
    note_balance(supplier=supplier, reading=reading)
    return reading.balance


def ask_balance(*, supplier: Supplier, adapter: SupplierAdapter) -> Reading | None:
    """Ask the supplier's adapter for the balance; None where it does not tell.

    Raises SupplierError.
    """
    if not adapter.capabilities.balance:
        return None
    asked_at = Supplier.objects.values_list(Now(), flat=True).get(pk=supplier.pk)
    balance = adapter.balance()
    return None if balance is None else Reading(balance=balance, asked_at=asked_at)


def _due() -> Iterator[Supplier]:
    pause = dt.timedelta(seconds=float(conf.get("CDKEYS_BALANCE_SECONDS")))
    is_due = Q(balance_due_at__isnull=True) | Q(balance_due_at__lte=Now())
    for supplier in Supplier.objects.filter(is_due, is_active=True, pause_reason=""):
        # Whoever moves the time on asks; another sweep at the same moment does not.
        if Supplier.objects.filter(is_due, pk=supplier.pk).update(balance_due_at=Now() + pause):
            yield supplier


def _look(supplier: Supplier) -> bool:
    try:
        return read_balance(supplier=supplier) is not None
    except CdKeysError:
        # Buying meets the same problem, and alerts it.
        return False
    except Exception as error:
        log_failure(logger, f"The balance of supplier {supplier.pk} failed", error)
        return False


def note_balance(*, supplier: Supplier, reading: Reading) -> None:
    """Keep what the supplier said is left, and tell staff if that is too little.

    An answer that was asked for before the one that is kept comes too late, and is dropped.
    """
    is_news = Q(balance_at__isnull=True) | Q(balance_at__lte=reading.asked_at)
    # Locked until it is judged, so that the alert is about the balance that is kept.
    with transaction.atomic():
        rows = Supplier.objects.select_for_update(no_key=True)
        row = rows.filter(is_news, pk=supplier.pk).first()
        if row is None:
            return
        row.balance_amount, row.balance_currency = reading.balance.amount, reading.balance.currency
        row.balance_at = reading.asked_at
        row.save(update_fields=_BALANCE)
        judge_balance(supplier=row)
    for name in _BALANCE:
        setattr(supplier, name, getattr(row, name))


def judge_balance(*, supplier: Supplier) -> None:
    """Raise or clear the alert about a low balance, by what the supplier said last.

    Call it in a transaction that holds the row, or two judge different balances at once.
    """
    subject = f"supplier:{supplier.pk}"
    least, left = supplier.low_balance_amount, supplier.balance_amount
    if least is None or left is None or left >= least:
        resolve_alerts(subject=subject, kind=AlertKind.LOW_BALANCE)
        return
    raise_alert(
        kind=AlertKind.LOW_BALANCE,
        subject=subject,
        message=_("%(supplier)s: %(balance)s are left, less than %(least)s. Top it up.")
        % {
            "supplier": supplier.name,
            "balance": Money(left, supplier.balance_currency),
            "least": Money(least, supplier.balance_currency),
        },
    )
