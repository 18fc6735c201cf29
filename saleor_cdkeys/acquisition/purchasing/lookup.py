"""Finding out what became of a purchase whose outcome is not clear, or whose keys are to come."""

from __future__ import annotations

import logging
import uuid

from django.utils.translation import gettext as _

from saleor_cdkeys import conf, lease
from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.acquisition.outcome import Kind, PurchaseOutcome
from saleor_cdkeys.acquisition.purchasing import journal, releases
from saleor_cdkeys.acquisition.purchasing.receiving import receive
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.backoff import backoff
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import Purchase
from saleor_cdkeys.statuses import OPEN_PURCHASES, AlertKind, PurchaseStatus, Reason
from saleor_cdkeys.suppliers.base import OrderQuery, SupplierOrder
from saleor_cdkeys.suppliers.registry import adapter_class

logger = logging.getLogger(__name__)

#: Look-ups without a clear answer after which staff are told; they go on all the same.
_TELL_AFTER = {PurchaseStatus.UNKNOWN: 4, PurchaseStatus.ACCEPTED: 8}


class _NotClear(Exception):
    """The supplier could not say. ``retry_after``: seconds that it asked us to wait."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def resolve_open(*, key_order_id: int, lease_token: uuid.UUID) -> PurchaseOutcome | None:
    """Bring the open purchase of a key order to its end; None if it has none any more.

    Keys that it brought are stored: for the open units, else as stock. Raises LeaseLost.
    """
    purchase = (
        Purchase.objects.select_related("supplier", "mapping")
        .filter(key_order_id=key_order_id, status__in=OPEN_PURCHASES)
        .first()
    )
    if purchase is None:
        return None
    if purchase.sent_at is None:
        journal.close_unsent(
            purchase=purchase,
            lease_token=lease_token,
            answer=_("The worker stopped before the request left."),
        )
        return None
    releases.follow(purchase)
    if journal.seconds_until_check(purchase) > 0:
        return _still(purchase)
    lease.renew(key_order_id=key_order_id, lease_token=lease_token)
    if not _can_look_up(purchase):
        return _ask_a_person(purchase, _("This supplier cannot be asked what became of an order."))
    try:
        order = _find(purchase)
    except _NotClear as error:
        return _look_again(purchase, str(error), error.retry_after)
    if order is None:
        return _no_such_order(purchase)
    received = receive(purchase_id=purchase.pk, order=order).purchase
    _count_failed(received, failed=0)
    if received.status not in OPEN_PURCHASES:
        return None
    _tell_if_long(received)
    return _still(received)


def _can_look_up(purchase: Purchase) -> bool:
    try:
        return adapter_class(purchase.supplier.adapter).capabilities.order_lookup
    except CdKeysError:
        # Looking it up will say that the adapter is missing.
        return True


def _find(purchase: Purchase) -> SupplierOrder | None:
    def keep(raw: bytes) -> None:
        journal.keep_answer(purchase=purchase, raw=raw)

    try:
        with open_account(supplier=purchase.supplier) as adapter:
            return adapter.find_order(_query(purchase), keep=keep)
    except CdKeysError as error:
        raise _NotClear(str(error), getattr(error, "retry_after", None)) from None
    except Exception as error:
        log_failure(logger, f"The look-up of purchase {purchase.pk} failed", error)
        raise _NotClear(
            _("The adapter failed while looking it up (%s).") % type(error).__name__
        ) from None


def _query(purchase: Purchase) -> OrderQuery:
    assert purchase.sent_at is not None
    return OrderQuery(
        reference=purchase.reference,
        supplier_product_id=purchase.supplier_product_id,
        quantity=purchase.quantity,
        sent_at=purchase.sent_at,
        supplier_order_id=purchase.supplier_order_id,
        kept=journal.kept_answer(purchase=purchase),
    )


def _no_such_order(purchase: Purchase) -> PurchaseOutcome | None:
    """Clear only after the quiet period, in which a late request could still arrive."""
    if purchase.supplier_order_id or purchase.status == PurchaseStatus.ACCEPTED:
        return _ask_a_person(
            purchase, _("The supplier had taken the order, and now does not know of it.")
        )
    age = journal.seconds_since_sent(purchase)
    quiet = float(conf.get("CDKEYS_QUIET_SECONDS"))
    if age < quiet:
        waiting = journal.stay_open(
            purchase_id=purchase.pk,
            answer=_("The supplier has no such order yet."),
            retry_after=max(quiet - age, 0.1),
            counts=False,
        )
        return _still(waiting)
    journal.close(
        purchase_id=purchase.pk,
        status=PurchaseStatus.NOT_SENT,
        answer=_("The supplier has no such order: nothing was bought."),
    )
    return None


def _look_again(purchase: Purchase, message: str, retry_after: float | None) -> PurchaseOutcome:
    _count_failed(purchase, failed=purchase.failed_checks + 1)
    if retry_after is None and releases.is_awaited(purchase):
        # A question that was not answered is asked again before the next day.
        pause = backoff(purchase.failed_checks, base=float(conf.get("CDKEYS_LOOKUP_SECONDS")))
        retry_after = pause.total_seconds()
    waiting = journal.stay_open(purchase_id=purchase.pk, answer=message, retry_after=retry_after)
    _tell_if_long(waiting)
    return _still(waiting)


def _count_failed(purchase: Purchase, *, failed: int) -> None:
    """Remember how many questions in a row the supplier did not answer."""
    if purchase.failed_checks != failed:
        purchase.failed_checks = failed
        Purchase.objects.filter(pk=purchase.pk).update(failed_checks=failed)


def _tell_if_long(purchase: Purchase) -> None:
    """Tell staff, or that it is cured: the supplier still has the order, and it is not late."""
    is_patient = releases.is_patient(purchase)
    checks = purchase.failed_checks if is_patient else purchase.checks
    if checks >= _TELL_AFTER.get(PurchaseStatus(purchase.status), 0):
        _tell(purchase, purchase.answer)
    elif is_patient and not checks:
        resolve_alerts(subject=journal.alert_subject(purchase.pk), kind=AlertKind.OUTCOME_UNKNOWN)


def _ask_a_person(purchase: Purchase, message: str) -> PurchaseOutcome:
    journal.stay_open(purchase_id=purchase.pk, answer=message)
    _tell(purchase, message)
    return PurchaseOutcome(kind=Kind.NEEDS_PERSON, reason=Reason.OUTCOME_UNKNOWN, message=message)


def _tell(purchase: Purchase, message: str) -> None:
    raise_alert(
        kind=AlertKind.OUTCOME_UNKNOWN,
        subject=journal.alert_subject(purchase.pk),
        message=_(
            "%(supplier)s, purchase %(reference)s: %(what)s Nothing else is bought for this order "
            "until it is clear. Ask the supplier, then decide the purchase."
        )
        % {"supplier": purchase.supplier.name, "reference": purchase.reference, "what": message},
        key_order_id=purchase.key_order_id,
    )


def _still(purchase: Purchase) -> PurchaseOutcome:
    """Not clear, or not complete; to be looked at again when the next look-up is due."""
    accepted = purchase.status == PurchaseStatus.ACCEPTED
    return PurchaseOutcome(
        kind=Kind.PENDING if accepted else Kind.UNKNOWN,
        reason=Reason.SUPPLIER_PENDING if accepted else Reason.OUTCOME_UNKNOWN,
        message=purchase.answer,
        retry_after=max(journal.seconds_until_check(purchase), 1.0),
        is_awaited=releases.is_awaited(purchase),
        release_date=purchase.release_date,
    )
