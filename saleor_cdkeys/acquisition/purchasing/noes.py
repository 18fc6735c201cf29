"""Why a supplier does not sell, in one form, and what follows if none of them does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition import health
from saleor_cdkeys.acquisition.outcome import Kind, PurchaseOutcome
from saleor_cdkeys.alerts import raise_alert, resolve_alerts_of
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.statuses import AlertKind, PauseReason, Reason
from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    Busy,
    NotReleased,
    NotSent,
    OutOfStock,
    PriceTooHigh,
    Refused,
    TryLater,
)

logger = logging.getLogger(__name__)

#: Which of several reasons is told; those that somebody can do something about come first.
_ORDER = (
    Reason.SUPPLIER_ERROR,
    Reason.CURRENCY_MISMATCH,
    Reason.PRICE_ABOVE_GUARD,
    Reason.NOT_RELEASED,
    Reason.OUT_OF_STOCK,
)


@dataclasses.dataclass(frozen=True, slots=True)
class No:
    """A supplier that does not sell. ``is_passing``: asked again soon, it may well.

    ``retry_after``: seconds that it asked us to wait. ``release_date``: the day on which it will.
    """

    reason: Reason
    message: str = ""
    is_passing: bool = False
    retry_after: float | None = None
    release_date: dt.date | None = None


def from_error(error: Exception, *, mapping: SupplierMapping, is_order: bool = False) -> No:
    """The no that an error of ours means, which an order met (``is_order``) or a question.

    A failure counts against the supplier, and a clear no does not; an account with a problem is
    paused, and a product with one is alerted.
    """
    message = f"{mapping.supplier.name}: {error}"
    if isinstance(error, Refused) and not isinstance(error, (AccountProblem, Busy)):
        health.note_answer(supplier=mapping.supplier, is_order=is_order)
    match error:
        case OutOfStock():
            return _nothing_left(error, mapping, message)
        case PriceTooHigh():
            return No(Reason.PRICE_ABOVE_GUARD, message)
        case Busy() | TryLater():
            if error.retry_after is None:
                health.note_failure(
                    supplier_id=mapping.supplier_id, message=message, is_order=is_order
                )
            return No(
                Reason.SUPPLIER_ERROR, message, is_passing=True, retry_after=error.retry_after
            )
        case NotSent():
            health.note_failure(supplier_id=mapping.supplier_id, message=message, is_order=is_order)
            return No(Reason.SUPPLIER_ERROR, message, is_passing=True)
    why = PauseReason.BALANCE if isinstance(error, BalanceTooLow) else PauseReason.ACCOUNT
    if isinstance(error, AccountProblem) and health.pause(
        supplier_id=mapping.supplier_id, reason=why, message=str(error)
    ):
        return No(Reason.SUPPLIER_ERROR, message)
    is_account = isinstance(error, AccountProblem) or not hasattr(error, "supplier_code")
    raise_alert(
        kind=AlertKind.SUPPLIER_PROBLEM,
        subject=_supplier_subject(mapping) if is_account else _mapping_subject(mapping),
        message=message
        if is_account
        else _("%(message)s Look at the mapping of %(product)s to %(theirs)s.")
        % {
            "message": message,
            "product": mapping.key_product,
            "theirs": mapping.supplier_product_id,
        },
    )
    return No(Reason.SUPPLIER_ERROR, message)


def _nothing_left(error: OutOfStock, mapping: SupplierMapping, message: str) -> No:
    """That it is not released comes first: the day is what is waited for, and not stock.

    Some suppliers do not tell a product at all of which they have no key. Then what the mapping
    knows counts, until the day that it was told.
    """
    day = mapping.release_date
    is_unreleased = mapping.is_preorder and day is not None and day > timezone.now().date()
    if isinstance(error, NotReleased):
        is_unreleased, day = True, error.release_date
    if is_unreleased and not mapping.key_product.allow_preorder:
        return not_released(mapping.supplier.name, day)
    return No(Reason.OUT_OF_STOCK, message)


def not_released(name: str, day: dt.date | None) -> No:
    """The no of a supplier of that name, where pre-orders are off."""
    if day is None:
        text = _("%(supplier)s: not released yet, and pre-orders are off.") % {"supplier": name}
    else:
        text = _("%(supplier)s: not released before %(date)s, and pre-orders are off.") % {
            "supplier": name,
            "date": day.isoformat(),
        }
    return No(Reason.NOT_RELEASED, text, release_date=day)


def from_bug(error: Exception, *, mapping: SupplierMapping) -> No:
    """The no of an adapter that broke on a call that buys nothing."""
    kind = type(error).__name__
    log_failure(logger, f"The adapter of supplier {mapping.supplier_id} failed", error)
    health.note_failure(supplier_id=mapping.supplier_id, message=kind)
    message = _("%(supplier)s: the adapter failed (%(kind)s).") % {
        "supplier": mapping.supplier.name,
        "kind": kind,
    }
    return No(Reason.SUPPLIER_ERROR, message, is_passing=True)


def supplier_is_well(mapping: SupplierMapping) -> None:
    """It answered: what was alerted about the account or the mapping is cured."""
    health.note_answer(supplier=mapping.supplier)
    resolve_alerts_of(
        subjects=[_supplier_subject(mapping), _mapping_subject(mapping)],
        kind=AlertKind.SUPPLIER_PROBLEM,
    )


def _supplier_subject(mapping: SupplierMapping) -> str:
    return f"supplier:{mapping.supplier_id}"


def _mapping_subject(mapping: SupplierMapping) -> str:
    return f"mapping:{mapping.pk}"


def sum_up(refusals: Sequence[No]) -> PurchaseOutcome:
    """What it means for the key order that each of its suppliers said no."""
    if not refusals:
        return PurchaseOutcome(kind=Kind.REFUSED, reason=Reason.NO_MAPPING)
    passing = [no for no in refusals if no.is_passing]
    if passing:
        waits = [no.retry_after for no in passing if no.retry_after]
        return PurchaseOutcome(
            kind=Kind.TRY_LATER,
            reason=Reason.SUPPLIER_ERROR,
            message=passing[0].message,
            retry_after=min(waits, default=None),
        )
    told = min(refusals, key=_importance)
    return PurchaseOutcome(
        kind=Kind.REFUSED,
        reason=told.reason,
        message=told.message,
        release_date=told.release_date,
    )


def _importance(no: No) -> tuple[int, dt.date]:
    """Of several releases, the first."""
    return _ORDER.index(no.reason), no.release_date or dt.date.max
