"""Buying, and finding out what became of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote as in_path

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.suppliers.base import (
    KeepAnswer,
    NoteOrder,
    OrderQuery,
    OutcomeUnknown,
    PurchaseRequest,
    SuppliedKey,
    SupplierError,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.codeswholesale import reading
from saleor_cdkeys.suppliers.codeswholesale.pages import iso, read_page
from saleor_cdkeys.suppliers.codeswholesale.reading import Code, Kind, Listed, Order
from saleor_cdkeys.suppliers.codeswholesale.refusals import refuse_order
from saleor_cdkeys.suppliers.http import Answer, readable
from saleor_cdkeys.suppliers.oauth import BearerClient
from saleor_cdkeys.suppliers.repeated import together

#: In quiet periods (CDKEYS_QUIET_SECONDS): an order that is not listed after so many was never
#: made; until then it may only be late, and is looked for now and then.
_LISTED_WITHIN = 10
_LOOK_AGAIN = 4
#: An order that is completed with too few codes gets no more of them after so many.
_FILLED_WITHIN = 60
#: So many codes of an order may fail to be read before the rest is left for later.
_PATIENCE = 3
#: No account buys so much in three days that its orders fill more pages.
_MOST_PAGES = 500


class Orders:
    """The orders of an account. ``currency`` is that of their amounts."""

    def __init__(self, api: BearerClient, *, currency: str) -> None:
        self._api = api
        self._currency = currency

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        """As ``SupplierAdapter.buy``."""
        reference = str(request.reference)
        answer = self._api.buy(
            "/v3/orders",
            body={
                # Their word for our reference, which they give back as clientOrderId.
                "orderId": reference,
                "allowPreOrder": request.allow_preorder,
                "products": [
                    {
                        "productId": request.supplier_product_id,
                        "quantity": request.quantity,
                        "price": request.unit_price.amount,
                    }
                ],
            },
            keep=keep,
            not_after=request.not_after,
        )
        # 208, "already reported": what it means for an order is told nowhere.
        if answer.status == 208 or not answer.is_success:
            refuse_order(answer)
        order = _read(answer, reference)
        if any(code.key() is None for code in order.codes):
            note(order.id)
        return self._filled(order, quantity=request.quantity, keep=keep)

    def find(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        """As ``SupplierAdapter.find_order``: None where the list is surely whole and not new."""
        if query.supplier_order_id:
            return self._look_up(query.supplier_order_id, query, keep=keep)
        reference = str(query.reference)
        listed = self._listed_around(query.sent_at)
        # Where orders come in while the pages are read, one may stand on two of them.
        ids = list(dict.fromkeys(order.id for order in listed if order.reference == reference))
        ids = ids or self._ids_by_reference(reference)
        if ids:
            return together([self._look_up(order_id, query, keep=keep) for order_id in ids])
        left = query.sent_at + _quiet(_LISTED_WITHIN) - timezone.now()
        if left > dt.timedelta(0):
            raise OutcomeUnknown(
                _("The supplier does not list the order, or not yet."),
                retry_after=min(left, _quiet(_LOOK_AGAIN)).total_seconds(),
            )
        if not reading.covers(listed, query.sent_at):
            raise OutcomeUnknown(
                _("The supplier does not list the order, but its list may be cut off.")
            )
        return None

    def _look_up(self, order_id: str, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder:
        answer = self._api.read(f"/v3/orders/{in_path(order_id, safe='')}", keep=keep)
        if not answer.is_success:
            # It was there, so even "not found" does not mean that nothing was bought.
            raise OutcomeUnknown(
                _("The supplier answered %(status)d to the look-up.") % {"status": answer.status},
                supplier_code=reading.error_code(answer),
            )
        order = _read(answer, str(query.reference))
        if order.id != order_id:
            raise OutcomeUnknown(_("The supplier's order cannot be read."))
        return self._filled(
            order,
            quantity=query.quantity,
            keep=keep,
            is_look_up=True,
            is_old=timezone.now() > query.sent_at + _quiet(_FILLED_WITHIN),
        )

    def _listed_around(self, moment: dt.datetime) -> list[Listed]:
        """The orders of that day and the days beside it: of which time zone is told nowhere."""
        day = moment.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        params = {
            "startFrom": iso(day - dt.timedelta(days=1)),
            "endOn": iso(day + dt.timedelta(days=2)),
        }
        listed: list[Listed] = []
        page = ""
        for _number in range(_MOST_PAGES):
            items, page = read_page(self._api, "/v3/orders", params, page)
            some = readable(functools.partial(_read_all, items))
            if some is None:
                # Any that cannot be read may be ours.
                raise OutcomeUnknown(_("The supplier's list of orders cannot be read."))
            listed += some
            if not page:
                return listed
        raise TryLater(_("The supplier's list does not end."))

    def _ids_by_reference(self, reference: str) -> list[str]:
        """Their links to orders hold our reference, so it may lead there; nothing rests on it."""
        try:
            answer = self._api.read(f"/v3/orders/{in_path(reference, safe='')}")
        except SupplierError:
            return []
        order = readable(lambda: reading.read_order(answer.body))
        return [order.id] if order is not None and order.reference == reference else []

    def _filled(
        self,
        order: Order,
        *,
        quantity: int,
        keep: KeepAnswer,
        is_look_up: bool = False,
        is_old: bool = False,
    ) -> SupplierOrder:
        """An order with its keys, read one by one where they do not stand in it.

        It was taken, so nothing that fails from here on may hide it.
        """
        charged = order.charged(self._currency)
        if order.is_called_off:
            return SupplierOrder(order.id, (), is_final=not order.has_values, charged=charged)
        keys: list[SuppliedKey] = []
        failures = 0
        for code in order.codes:
            key = code.key()
            # What was ordered ahead is not there a moment later.
            may_be_there = is_look_up or code.kind is not Kind.PREORDER
            if key is None and may_be_there and failures < _PATIENCE:
                try:
                    key = self._read_key(code, keep=keep)
                except SupplierError:
                    failures += 1
            if key is not None:
                keys.append(key)
        is_whole = order.is_completed and len(keys) == len(order.codes)
        return SupplierOrder(
            order.id,
            reading.without_repeats(keys),
            is_final=is_whole and (len(keys) >= quantity or is_old),
            charged=charged,
        )

    def _read_key(self, code: Code, *, keep: KeepAnswer) -> SuppliedKey | None:
        """The key behind a code, or None where it is not there yet."""
        if not code.id:
            return None
        answer = self._api.read(f"/v3/codes/{in_path(code.id, safe='')}", keep=keep)
        found = readable(lambda: reading.read_code(answer.body)) if answer.is_success else None
        if found is None or found.id not in (code.id, ""):
            return None
        return dataclasses.replace(found, id=code.id).key()


def _quiet(periods: int) -> dt.timedelta:
    return dt.timedelta(seconds=float(conf.get("CDKEYS_QUIET_SECONDS")) * periods)


def _read(answer: Answer, reference: str) -> Order:
    """An order that is ours. What cannot be read leaves the outcome unknown: keys may be in it."""
    order = readable(lambda: reading.read_order(answer.body))
    if order is None or order.reference not in (reference, ""):
        told = readable(lambda: reading.read_listed(answer.body))
        is_ours = told is not None and told.reference == reference
        raise OutcomeUnknown(
            _("The supplier's order cannot be read."),
            supplier_order_id=told.id if told is not None and is_ours else "",
        )
    return order


def _read_all(items: Sequence[Mapping[str, Any]]) -> list[Listed]:
    return [reading.read_listed(item) for item in items]
