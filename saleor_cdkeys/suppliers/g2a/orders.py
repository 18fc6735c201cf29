"""Buying in three steps, and finding out what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from typing import NoReturn
from urllib.parse import quote as in_path

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.suppliers.base import (
    Busy,
    KeepAnswer,
    NoteOrder,
    NotSent,
    OrderQuery,
    OutcomeUnknown,
    PriceTooHigh,
    PurchaseRequest,
    Quote,
    Refused,
    SuppliedKey,
    SupplierError,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.g2a import reading
from saleor_cdkeys.suppliers.g2a.refusals import (
    FETCHED_BEFORE,
    MEANINGLESS,
    NO_KEY_YET,
    NO_SUCH_ORDER,
    PAID_TOO_LATE,
    UNPAID,
    raise_for_account,
    refused,
    too_dear,
)
from saleor_cdkeys.suppliers.http import SupplierClient, readable
from saleor_cdkeys.values import Money

_CENT = Decimal("0.01")
#: When to look again at an order that is not paid for, in seconds; after that, when it is dead.
#: Seldom: in half an hour it clears up by itself, and no staff need be told of it.
_LOOK_AGAIN = (60.0, 600.0)


class Orders:
    """The orders of an account, whose ``currency`` it is.

    ``quote`` gives the price of a product at this moment. After ``dead_after`` an order that was
    not paid for cannot be any more.
    """

    def __init__(
        self,
        client: SupplierClient,
        *,
        quote: Callable[[str], Quote],
        currency: str,
        dead_after: dt.timedelta,
    ) -> None:
        self._client = client
        self._quote = quote
        self._currency = currency
        self._dead_after = dead_after

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        """As ``SupplierAdapter.buy``: one key, for no order brings more."""
        reserved = self._reserve(request)
        order_id = reserved.supplier_order_id
        note(order_id)
        together = _Together(keep)
        self._pay(order_id, request, together)
        try:
            key = self._fetch_key(order_id, together)
        except SupplierError:
            # It is paid for. The look-up fetches the key, or says why it cannot.
            key = None
        return SupplierOrder(
            supplier_order_id=order_id,
            keys=() if key is None else (key,),
            is_final=key is not None,
            charged=reserved.charged,
        )

    def _reserve(self, request: PurchaseRequest) -> SupplierOrder:
        """Make the order, which costs nothing: where the answer is unclear, nothing was bought."""
        highest = request.max_unit_price
        # A highest price of 0 would be none, and fractions of a cent might be refused.
        max_price = highest.amount.quantize(_CENT, rounding=ROUND_DOWN)
        if max_price <= 0:
            raise PriceTooHigh(_("Less than a cent is allowed for a key."))
        try:
            answer = self._client.buy(
                "/order",
                body={
                    "product_id": request.supplier_product_id,
                    "currency": highest.currency,
                    "max_price": max_price,
                },
                keep=None,
                not_after=request.not_after,
            )
        except OutcomeUnknown as error:
            raise _not_reserved(str(error), error.supplier_code) from None
        raise_for_account(answer, busy=Busy)
        code = reading.error_code(answer)
        if code or not answer.is_success:
            self._say_why(code or str(answer.status), request)
        reserved = readable(lambda: reading.read_reserved(answer.body))
        if reserved is None or reserved.charged is None:
            raise _not_reserved(_("The supplier's answer cannot be read."))
        # Whether it kept to the highest price is not for it to say. Not to pay is free.
        price = reserved.charged
        if price.currency != highest.currency:
            raise Refused(
                _("G2A asks for %(theirs)s rather than %(ours)s.")
                % {"theirs": price.currency, "ours": highest.currency}
            )
        if not price <= highest:
            raise too_dear(price, highest)
        return reserved

    def _say_why(self, code: str, request: PurchaseRequest) -> NoReturn:
        """Why no order was made: its codes do not tell price and stock from other things."""
        if code in MEANINGLESS:
            raise refused(code)
        try:
            quote = self._quote(request.supplier_product_id)
        except TryLater as error:
            raise _not_reserved(str(error), code) from None
        price, highest = quote.unit_price, request.max_unit_price
        if price.currency == highest.currency and not price <= highest:
            raise too_dear(price, highest)
        raise refused(code)

    def _pay(self, order_id: str, request: PurchaseRequest, keep: KeepAnswer) -> None:
        """Pay, once. The answer is kept: it is the proof where the order is still called new."""
        try:
            answer = self._client.buy(
                f"/order/pay/{order_id}",
                body=None,
                keep=keep,
                not_after=request.not_after,
                method="PUT",
            )
        except OutcomeUnknown as error:
            error.supplier_order_id = order_id
            raise
        raise_for_account(answer, busy=Busy)
        code = reading.error_code(answer)
        if code == PAID_TOO_LATE:
            raise NotSent(_("The reservation had run out, and was not paid."), supplier_code=code)
        if code in UNPAID:
            raise refused(code)
        is_paid = readable(lambda: reading.read_is_paid(answer.body))
        if code or not (answer.is_success and is_paid):
            raise OutcomeUnknown(
                _("The supplier gave an answer that does not say what it did."),
                supplier_code=code or str(answer.status),
                supplier_order_id=order_id,
            )

    def find(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        """As ``SupplierAdapter.find_order``: the key that was kept, or else it is fetched.

        None also without an id: ids are committed before anything is paid for.
        """
        order_id = query.supplier_order_id
        details = self._details(order_id) if order_id else None
        if details is None:
            return None
        key = reading.kept_key(query.kept)
        is_paid = key is not None or reading.tells_of_payment(query.kept)
        is_unpaid = details.status == "new" and not is_paid
        if is_unpaid:
            self._raise_while_payable(query)
        if key is None:
            key = self._fetch_key(order_id, _Together(keep, query.kept))
        if key is not None:
            return SupplierOrder(order_id, (key,), is_final=True, charged=details.price)
        if is_unpaid:
            nothing = Money(Decimal(0), self._currency)
            return SupplierOrder(order_id, (), is_final=True, charged=nothing)
        return SupplierOrder(
            order_id, (), is_final=False, charged=details.price if is_paid else None
        )

    def _raise_while_payable(self, query: OrderQuery) -> None:
        """Raise until the order cannot be paid for any more, nor by a request on its way."""
        quiet = dt.timedelta(seconds=float(conf.get("CDKEYS_QUIET_SECONDS")))
        age = timezone.now() - query.sent_at
        left = (max(self._dead_after, quiet) - age).total_seconds()
        if left <= 0:
            return
        pause = next((step for step in _LOOK_AGAIN if age.total_seconds() < step), left)
        raise OutcomeUnknown(
            _("The order is not paid for, but it still could be, and nobody pays for it again."),
            retry_after=max(min(pause, left), 1.0),
        )

    def _details(self, order_id: str) -> reading.Details | None:
        answer = self._client.read(f"/order/details/{in_path(order_id, safe='')}")
        raise_for_account(answer, busy=TryLater)
        code = reading.error_code(answer)
        if code == NO_SUCH_ORDER:
            return None
        details = readable(lambda: reading.read_details(answer.body))
        if code or not answer.is_success or details is None:
            raise OutcomeUnknown(
                _("The supplier answered %(status)d to the look-up.") % {"status": answer.status},
                supplier_code=code,
            )
        return details

    def _fetch_key(self, order_id: str, keep: KeepAnswer) -> SuppliedKey | None:
        """The key, or None where there is none yet. It is handed out once, so it is kept first."""
        answer = self._client.read(f"/order/key/{in_path(order_id, safe='')}", keep=keep)
        key = readable(lambda: reading.read_key(answer.body))
        if answer.is_success and key is not None:
            return key
        raise_for_account(answer, busy=TryLater)
        code = reading.error_code(answer)
        if code in NO_KEY_YET:
            return None
        if code == FETCHED_BEFORE:
            raise OutcomeUnknown(
                _(
                    "G2A has handed out the key of its order %(order)s before, and it did not "
                    "arrive whole. See whether the answer that was kept shows it; else ask G2A's "
                    "support."
                )
                % {"order": order_id},
                supplier_code=code,
            )
        raise OutcomeUnknown(
            _("The supplier's answer with the key cannot be read."), supplier_code=code
        )


class _Together:
    """Keeps each answer beside those before it.

    The only one that brought the key must not be written over, nor the one that says "paid".
    """

    def __init__(self, keep: KeepAnswer, kept: bytes = b"") -> None:
        self._keep = keep
        self._kept = kept

    def __call__(self, raw: bytes) -> None:
        self._kept = reading.joined(self._kept, raw)
        self._keep(self._kept)


def _not_reserved(why: str, code: str = "") -> NotSent:
    return NotSent(
        _("%(why)s So no key was surely reserved, and nothing was paid.") % {"why": why},
        supplier_code=code,
    )
