"""Trying the suppliers of a key product one after the other: as they are mapped, or by price."""

from __future__ import annotations

import logging
import uuid

from django.utils.translation import gettext as _

from saleor_cdkeys import conf, lease
from saleor_cdkeys.acquisition import health
from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.acquisition.outcome import Kind, PurchaseOutcome
from saleor_cdkeys.acquisition.purchasing import journal, noes, releases
from saleor_cdkeys.acquisition.purchasing.asking import ask, asking_order
from saleor_cdkeys.acquisition.purchasing.noes import No
from saleor_cdkeys.acquisition.purchasing.offers import Buyer, Offer
from saleor_cdkeys.acquisition.purchasing.receiving import receive
from saleor_cdkeys.errors import CdKeysError, LeaseLost
from saleor_cdkeys.exchange.converting import Rates
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.host import orders as host_orders
from saleor_cdkeys.models import KeyOrder, Purchase, SupplierMapping
from saleor_cdkeys.statuses import OPEN_PURCHASES, PurchaseStatus, Reason, UnitStatus
from saleor_cdkeys.suppliers.base import (
    NotSent,
    OutcomeUnknown,
    PurchaseRequest,
    Refused,
    SupplierAdapter,
    SupplierOrder,
)
from saleor_cdkeys.suppliers.deadline import Deadline

logger = logging.getLogger(__name__)

#: The part of the quiet period in which a request may still leave. The rest is for its way: after
#: the quiet period an order that the supplier does not know of counts as never made.
_LEAVE_WITHIN = 0.5


def try_suppliers(*, key_order_id: int, lease_token: uuid.UUID) -> PurchaseOutcome:
    """Buy for the open units of a key order that has no open purchase.

    Suppliers are tried in order; the first whose price is within the guard and who can deliver
    sells. What it cannot fill goes to the next. Raises LeaseLost.
    """
    review = Purchase.objects.filter(key_order_id=key_order_id).exclude(review="").first()
    if review is not None:
        return PurchaseOutcome(
            kind=Kind.NEEDS_PERSON, reason=Reason(review.review), message=review.answer
        )
    key_order = KeyOrder.objects.select_related("key_product").get(pk=key_order_id)
    buyer = Buyer(
        key_order=key_order,
        country=host_orders.read_country(key_order.order_id),
        rates=Rates.read(),
    )
    refusals: list[No] = []
    for mapping in asking_order(buyer, lease_token, refusals):
        answer = _Purchaser(buyer, mapping, lease_token).buy_what_is_open()
        if isinstance(answer, PurchaseOutcome):
            return answer
        refusals.append(answer)
    return noes.sum_up(refusals)


class _Purchaser:
    """Buying at one supplier for one key order."""

    def __init__(self, buyer: Buyer, mapping: SupplierMapping, lease_token: uuid.UUID) -> None:
        self._buyer = buyer
        self._key_order = buyer.key_order
        self._mapping = mapping
        self._lease_token = lease_token

    def buy_what_is_open(self) -> PurchaseOutcome | No:
        """Buy until no unit is open, or until the supplier has no more for us: then its no."""
        try:
            with open_account(supplier=self._mapping.supplier) as adapter:
                while True:
                    wanted = self._key_order.units.filter(status=UnitStatus.OPEN).count()
                    if not wanted:
                        return PurchaseOutcome(kind=Kind.FILLED)
                    answer = self._buy_some(adapter, wanted)
                    if answer is not None:
                        return answer
        except LeaseLost:
            raise
        except CdKeysError as error:
            return noes.from_error(error, mapping=self._mapping)

    def _buy_some(self, adapter: SupplierAdapter, wanted: int) -> PurchaseOutcome | No | None:
        """One purchase; None if it filled something, so that it is worth going on."""
        self._renew()
        offer = ask(adapter, self._buyer, self._mapping, wanted)
        if isinstance(offer, No):
            return offer
        if not self._is_still_sold():
            return PurchaseOutcome(kind=Kind.AGAIN)
        return self._purchase(adapter, offer)

    def _is_still_sold(self) -> bool:
        """Asking suppliers takes its time; what was taken back meanwhile must not be bought."""
        order = host_orders.read_standing(self._key_order.order_id)
        return order is not None and order.is_charged and not order.is_called_off

    def _purchase(self, adapter: SupplierAdapter, offer: Offer) -> PurchaseOutcome | No | None:
        purchase = journal.write_down(
            key_order_id=self._key_order.pk, lease_token=self._lease_token, offer=offer
        )
        self._renew()
        request = PurchaseRequest(
            reference=purchase.reference,
            supplier_product_id=purchase.supplier_product_id,
            quantity=offer.quantity,
            unit_price=offer.quote.unit_price,
            max_unit_price=offer.highest,
            not_after=Deadline(float(conf.get("CDKEYS_QUIET_SECONDS")) * _LEAVE_WITHIN),
            allow_preorder=offer.quote.is_preorder,
        )
        journal.mark_sent(purchase=purchase, lease_token=self._lease_token)
        answer = self._send(adapter, purchase, request)
        if not isinstance(answer, SupplierOrder):
            return answer
        received = receive(purchase_id=purchase.pk, order=answer)
        # Keys that are paid for are stored before anything else is written.
        health.note_success(supplier_id=purchase.supplier_id)
        return self._after(received.purchase, filled=received.filled)

    def _send(
        self, adapter: SupplierAdapter, purchase: Purchase, request: PurchaseRequest
    ) -> SupplierOrder | PurchaseOutcome | No:
        def keep(raw: bytes) -> None:
            journal.keep_answer(purchase=purchase, raw=raw)

        def note(supplier_order_id: str) -> None:
            journal.note_order(purchase_id=purchase.pk, supplier_order_id=supplier_order_id)

        try:
            return adapter.buy(request, keep=keep, note=note)
        except (NotSent, Refused) as error:
            status = (
                PurchaseStatus.NOT_SENT if isinstance(error, NotSent) else PurchaseStatus.REFUSED
            )
            journal.close(purchase_id=purchase.pk, status=status, answer=str(error))
            return noes.from_error(error, mapping=self._mapping, is_order=True)
        except OutcomeUnknown as error:
            return _unknown(purchase, error)
        except Exception as error:
            # Whatever an adapter did not foresee on a call that spends money: it may have sold.
            log_failure(logger, f"The adapter failed in purchase {purchase.pk}", error)
            message = _("The adapter failed while buying (%s).") % type(error).__name__
            return _unknown(purchase, OutcomeUnknown(message))

    def _after(self, purchase: Purchase, *, filled: int) -> PurchaseOutcome | No | None:
        if purchase.status in OPEN_PURCHASES:
            return PurchaseOutcome(
                kind=Kind.PENDING,
                reason=Reason.SUPPLIER_PENDING,
                message=purchase.answer,
                retry_after=max(journal.seconds_until_check(purchase), 1.0),
                is_awaited=releases.is_awaited(purchase),
                release_date=purchase.release_date,
            )
        if purchase.review:
            return PurchaseOutcome(
                kind=Kind.NEEDS_PERSON, reason=Reason(purchase.review), message=purchase.answer
            )
        if not filled:
            # It sold nothing and took nothing; asked at once it would do so again.
            return No(Reason.SUPPLIER_ERROR, purchase.answer, is_passing=True)
        return None

    def _renew(self) -> None:
        lease.renew(key_order_id=self._key_order.pk, lease_token=self._lease_token)


def _unknown(purchase: Purchase, error: OutcomeUnknown) -> PurchaseOutcome:
    health.note_failure(supplier_id=purchase.supplier_id, message=str(error), is_order=True)
    open_purchase = journal.stay_open(
        purchase_id=purchase.pk,
        answer=str(error),
        supplier_order_id=error.supplier_order_id,
        retry_after=error.retry_after,
        counts=False,
    )
    return PurchaseOutcome(
        kind=Kind.UNKNOWN,
        reason=Reason.OUTCOME_UNKNOWN,
        message=open_purchase.answer,
        retry_after=max(journal.seconds_until_check(open_purchase), 1.0),
    )
