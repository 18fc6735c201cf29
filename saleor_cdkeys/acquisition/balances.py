"""Watching what is left on suppliers' accounts."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.statuses import AlertKind
from saleor_cdkeys.values import Money

logger = logging.getLogger(__name__)


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
        balance = adapter.balance() if adapter.capabilities.balance else None
    if balance is not None:
        note_balance(supplier=supplier, balance=balance)
    return balance


def _due() -> Iterator[Supplier]:
    now = timezone.now()
    earlier = now - dt.timedelta(seconds=float(conf.get("CDKEYS_BALANCE_SECONDS")))
    is_due = Q(balance_at__isnull=True) | Q(balance_at__lte=earlier)
    for supplier in Supplier.objects.filter(is_due, is_active=True, pause_reason=""):
        # Whoever moves the time on asks; another sweep at the same moment does not.
        same = Supplier.objects.filter(pk=supplier.pk, balance_at=supplier.balance_at)
        if supplier.balance_at is None:
            same = Supplier.objects.filter(pk=supplier.pk, balance_at__isnull=True)
        if same.update(balance_at=now):
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


def note_balance(*, supplier: Supplier, balance: Money) -> None:
    """Keep what the supplier said is left, and tell staff if that is too little."""
    supplier.balance_amount, supplier.balance_currency = balance.amount, balance.currency
    supplier.balance_at = timezone.now()
    Supplier.objects.filter(pk=supplier.pk).update(
        balance_amount=balance.amount,
        balance_currency=balance.currency,
        balance_at=supplier.balance_at,
    )
    judge_balance(supplier=supplier)


def judge_balance(*, supplier: Supplier) -> None:
    """Raise or clear the alert about a low balance, by what the supplier said last."""
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
