"""Buying, finding out what became of it, and sending an order back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn
from urllib.parse import quote as in_path

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import (
    Busy,
    KeepAnswer,
    NoteOrder,
    NotSent,
    OrderQuery,
    OutcomeUnknown,
    OutOfStock,
    PriceTooHigh,
    PurchaseRequest,
    Refused,
    SuppliedKey,
    SupplierError,
    SupplierOrder,
)
from saleor_cdkeys.suppliers.http import Answer, SupplierClient, readable
from saleor_cdkeys.suppliers.kinguin import reading, refusals
from saleor_cdkeys.suppliers.kinguin.catalogue import ProductList
from saleor_cdkeys.suppliers.kinguin.reading import EUR, Order
from saleor_cdkeys.suppliers.repeated import together
from saleor_cdkeys.values import Money

_PAGE_SIZE = 100
#: A list of orders with one reference, or of the keys of an order, fills no more pages.
_MOST_PAGES = 20
#: Seconds until a price that rose a moment ago is worth asking for again.
_ASK_AGAIN = 1.0
_NO_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


class Orders:
    """The orders of an account."""

    def __init__(self, client: SupplierClient, products: ProductList) -> None:
        self._client = client
        self._products = products

    def buy(
        self, request: PurchaseRequest, *, product_id: str, keep: KeepAnswer, note: NoteOrder
    ) -> SupplierOrder:
        """As ``SupplierAdapter.buy``; ``product_id`` is that of version 2."""
        # The quoted price rather than the highest: that nothing above the market's price is
        # charged is not promised.
        price = min(request.unit_price.amount, request.max_unit_price.amount)
        answer = self._client.buy(
            "/v2/order",
            body={
                "orderExternalId": str(request.reference),
                "products": [{"productId": product_id, "qty": request.quantity, "price": price}],
            },
            keep=keep,
            not_after=request.not_after,
        )
        if not answer.is_success:
            if refusals.kind(answer) == refusals.UNAVAILABLE:
                self._explain(request, price)
            refusals.refuse_order(answer)
        taken = _ours(answer, str(request.reference))
        note(taken.id)
        try:
            order = self._read(taken.id, str(request.reference))
            if order is not None:
                return self._filled(order, ordered=request.quantity, keep=keep)
        except SupplierError:
            # It is bought. Its keys are read when it is looked up.
            pass
        return SupplierOrder(taken.id, (), is_final=False, charged=taken.paid)

    def _explain(self, request: PurchaseRequest, price: Decimal) -> NoReturn:
        """Nobody sells so many at that price. Whether keys are lacking or money is not told."""
        code = refusals.UNAVAILABLE
        try:
            now = self._products.read(request.supplier_product_id).price
        except SupplierError:
            now = None
        if now is not None and not now <= request.max_unit_price:
            raise PriceTooHigh(
                _("The supplier asks %(price)s, at most %(highest)s is allowed.")
                % {"price": now, "highest": request.max_unit_price},
                supplier_code=code,
            )
        if now is not None and now.amount > price:
            raise Busy(_("The price rose while buying."), retry_after=_ASK_AGAIN)
        raise OutOfStock(
            _("The supplier does not have so many keys at this price."), supplier_code=code
        )

    def find(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        """As ``SupplierAdapter.find_order``: None where no order has our reference."""
        reference = str(query.reference)
        known = None
        if query.supplier_order_id:
            known = self._read(query.supplier_order_id, reference)
        orders = _standing(self._search(reference)) if known is None else [known]
        if not orders:
            return None
        return together([self._found(order, query, keep=keep) for order in orders])

    def _found(self, order: Order, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder:
        try:
            return self._filled(order, ordered=query.quantity, keep=keep)
        except SupplierError:
            if query.supplier_order_id:
                raise
            # That it exists must not get lost again.
            return SupplierOrder(order.id, (), is_final=False, charged=order.paid)

    def _read(self, order_id: str, reference: str) -> Order | None:
        """An order by its id, or None where there is none."""
        answer = self._client.read(f"/v1/order/{in_path(order_id, safe='')}")
        if answer.status == 404 or refusals.kind(answer) == refusals.NO_SUCH_ORDER:
            return None
        if not answer.is_success:
            refusals.refuse_look_up(answer)
        order = _ours(answer, reference)
        if order.id != order_id:
            raise OutcomeUnknown(_("The supplier's order cannot be read."))
        return order

    def _search(self, reference: str) -> list[Order]:
        """The orders with our reference; none where the list surely holds none."""
        found: list[Order] = []
        seen = 0
        for number in range(1, _MOST_PAGES + 1):
            answer = self._client.read(
                "/v1/order",
                params={
                    "orderExternalId": reference,
                    "page": str(number),
                    "limit": str(_PAGE_SIZE),
                },
            )
            if not answer.is_success:
                refusals.refuse_look_up(answer)
            read = readable(lambda answer=answer: reading.read_page(answer.body))  # type: ignore[misc]
            if read is None:
                raise OutcomeUnknown(_("The supplier's list of orders cannot be read."))
            items, total = read
            matching = [item for item in items if item.get("orderExternalId") == reference]
            orders = readable(lambda matching=matching: [reading.read_order(m) for m in matching])  # type: ignore[misc]
            if orders is None:
                raise OutcomeUnknown(_("The supplier's order cannot be read."))
            found += orders
            seen += len(items)
            if found or seen >= total:
                return found
            if not items:
                break
        raise OutcomeUnknown(_("The supplier's list of orders does not end."))

    def _filled(self, order: Order, *, ordered: int, keep: KeepAnswer) -> SupplierOrder:
        """An order with the keys that are delivered so far."""
        if order.is_called_off:
            charged = order.paid if order.has_delivered else Money(Decimal(0), EUR)
            # A key that is left of it is for people to judge: it may be revoked, or paid for.
            return SupplierOrder(order.id, (), is_final=not order.has_delivered, charged=charged)
        keys, are_all_read = self._download(order, keep=keep)
        is_whole = are_all_read and len(keys) >= order.expected(ordered)
        return SupplierOrder(
            order.id, keys, is_final=order.is_completed and is_whole, charged=order.paid
        )

    def _download(self, order: Order, *, keep: KeepAnswer) -> tuple[tuple[SuppliedKey, ...], bool]:
        """The delivered keys, each once, and whether all of them could be read."""
        keys: dict[str | tuple[int, int], SuppliedKey] = {}
        are_all_read = True
        for number in range(1, _MOST_PAGES + 1):
            answer = self._client.read(
                f"/v2/order/{in_path(order.id, safe='')}/keys",
                params={"page": str(number), "limit": str(_PAGE_SIZE)},
                keep=keep,
            )
            if not answer.is_success:
                refusals.refuse_look_up(answer)
            items = readable(lambda answer=answer: reading.objects(answer.body))  # type: ignore[misc]
            if items is None:
                raise OutcomeUnknown(_("The supplier's keys cannot be read."))
            for place, item in enumerate(items):
                key = readable(lambda item=item: reading.read_key(item))  # type: ignore[misc]
                if key is None:
                    are_all_read = False
                elif not order.is_gone(key.supplier_key_id):
                    keys.setdefault(key.supplier_key_id or (number, place), key)
            if len(items) < _PAGE_SIZE:
                return tuple(keys.values()), are_all_read
        raise OutcomeUnknown(_("The supplier's list of keys does not end."))

    def send_back(self, order_id: str) -> None:
        """As ``Returns.return_order``. Kinguin takes up one such request for an order, ever."""
        try:
            answer = self._client.buy(
                f"/v2/order/{in_path(order_id, safe='')}/keys/return", body=None, keep=None
            )
        except NotSent as error:
            message = str(error)
        else:
            if not answer.is_success:
                refusals.refuse_return(answer)
            return
        raise Refused(message)


def _ours(answer: Answer, reference: str) -> Order:
    """The order of an answer. What cannot be read leaves the outcome unknown."""
    order = readable(lambda: reading.read_order(answer.body))
    if order is None or order.reference not in (reference, ""):
        told = readable(lambda: (reading.order_id(answer.body), answer.body["orderExternalId"]))
        raise OutcomeUnknown(
            _("The supplier's order cannot be read."),
            supplier_order_id=told[0] if told is not None and told[1] == reference else "",
        )
    return order


def _standing(orders: Sequence[Order]) -> list[Order]:
    """Those that were not called off, the oldest first; or else the oldest."""
    by_age = sorted(orders, key=lambda order: order.created or _NO_TIME)
    return [order for order in by_age if not order.is_called_off] or by_age[:1]
