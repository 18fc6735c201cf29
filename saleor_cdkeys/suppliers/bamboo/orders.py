"""Buying, and finding out what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.bamboo import reading
from saleor_cdkeys.suppliers.bamboo.api import Api, Call
from saleor_cdkeys.suppliers.bamboo.refusals import (
    NOT_FOUND,
    reasons,
    refuse_if_forbidden,
    refuse_order,
)
from saleor_cdkeys.suppliers.base import (
    KeepAnswer,
    NoteOrder,
    OrderQuery,
    OutcomeUnknown,
    PurchaseRequest,
    SupplierError,
    SupplierOrder,
)
from saleor_cdkeys.suppliers.http import Answer, readable
from saleor_cdkeys.values import Money


class Orders:
    """The orders of an account. ``currency`` tells, and may have to ask for, that of its charges.

    Bamboo gives orders a number of its own, and finds them by our reference alone: that is the id
    under which we know them.
    """

    def __init__(self, api: Api, *, account_id: int, currency: Callable[[], str]) -> None:
        self._api = api
        self._account_id = account_id
        self._currency = currency

    def buy(
        self,
        request: PurchaseRequest,
        *,
        product_id: str,
        face_value: Decimal,
        keep: KeepAnswer,
        note: NoteOrder,
    ) -> SupplierOrder:
        """As ``SupplierAdapter.buy``."""
        reference = str(request.reference)
        product = {
            "ProductId": int(product_id),
            "Quantity": request.quantity,
            "Value": face_value,
        }
        body = {"RequestId": reference, "AccountId": self._account_id, "Products": [product]}
        answer = self._api.check_out(body, keep=keep, not_after=request.not_after)
        if not answer.is_success:
            refuse_order(answer, reference=reference)
        if not reading.is_accepted(answer.body, reference=reference):
            raise OutcomeUnknown(_("The supplier's answer to the order cannot be read."))
        note(reference)
        # It was taken, so nothing that fails from here on may hide it.
        try:
            answer = self._api.read(Call.ORDER, last=reference, keep=keep)
            return self._told(
                _read(answer, reference), quantity=request.quantity, sent_at=timezone.now()
            )
        except SupplierError:
            return SupplierOrder(reference, (), is_final=False)

    def find(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        """As ``SupplierAdapter.find_order``."""
        reference = str(query.reference)
        answer = self._api.read(Call.ORDER, last=reference, keep=keep)
        if answer.is_success:
            order = _read(answer, reference)
            return self._told(order, quantity=query.quantity, sent_at=query.sent_at)
        named = reasons(answer)
        if NOT_FOUND in named:
            return None
        refuse_if_forbidden(answer)
        # A 404 without its reason may come from anything on the way; the history then decides.
        if answer.status == 404 and not named and self._is_nowhere(reference, query.sent_at):
            return None
        raise OutcomeUnknown(
            _("The supplier answered %(status)d to the look-up.") % {"status": answer.status},
            supplier_code=named[0] if named else str(answer.status),
        )

    def _told(self, order: reading.Order, *, quantity: int, sent_at: dt.datetime) -> SupplierOrder:
        is_final = order.is_final(quantity=quantity)
        charged = self._charge(order, sent_at) if is_final else None
        # What was taken for keys that never came must be known before it ends, and the history
        # may be away at this moment. Keys that are there do not wait for that.
        is_final = is_final and (charged is not None or len(order.keys) >= quantity)
        return SupplierOrder(order.reference, order.keys, is_final=is_final, charged=charged)

    def _charge(self, order: reading.Order, sent_at: dt.datetime) -> Money | None:
        if order.is_free:
            return Money(Decimal(0), self._currency())
        # The keys are here: that their charge cannot be read must not hold them back.
        try:
            currency = self._currency()
            rows = self._history(sent_at)
        except SupplierError:
            return None
        return readable(
            lambda: reading.read_charge(rows, reference=order.reference, currency=currency)
        )

    def _is_nowhere(self, reference: str, sent_at: dt.datetime) -> bool:
        rows = self._history(sent_at)
        return readable(lambda: reading.lists(rows, reference=reference)) is False

    def _history(self, moment: dt.datetime) -> Any:
        """The orders of that day and the days beside it: of which time zone is told nowhere."""
        day = moment.astimezone(dt.UTC).date()
        start, end = day - dt.timedelta(days=1), day + dt.timedelta(days=2)
        params = {"startDate": start.isoformat(), "endDate": end.isoformat()}
        answer = self._api.read(Call.HISTORY, params=params)
        return answer.body if answer.is_success else None


def _read(answer: Answer, reference: str) -> reading.Order:
    """An order that is ours. What cannot be read leaves the outcome unknown: keys may be in it."""
    order = readable(lambda: reading.read_order(answer.body)) if answer.is_success else None
    if order is None or order.reference != reference:
        raise OutcomeUnknown(_("The supplier's order cannot be read."))
    return order
