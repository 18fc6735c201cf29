"""Keyshop, a supplier with a simple API: an offer, an order, and an order by our reference."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, NoReturn
from urllib.parse import quote as in_path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.suppliers.base import (
    BalanceTooLow,
    Capabilities,
    KeepAnswer,
    NoteOrder,
    OrderQuery,
    OutcomeUnknown,
    OutOfStock,
    PriceTooHigh,
    PurchaseRequest,
    Quote,
    Refused,
    SuppliedKey,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.http import Answer, SupplierClient, readable
from saleor_cdkeys.values import KeyCode, Money

LIVE = "https://api.keyshop.example"

#: What Keyshop's words mean. With each of these, it promises, nothing was sold.
_NOES: dict[str, type[Refused]] = {
    "sold_out": OutOfStock,
    "too_dear": PriceTooHigh,
    "no_money": BalanceTooLow,
    "no_such_offer": Refused,
}
_WORD = re.compile("[a-z_]{1,32}")


class KeyshopSupplier:
    """An account at Keyshop."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        order_lookup=True, refuses_repeats=True, price_guard=True, late_keys=True
    )
    config_fields: ClassVar[Mapping[str, str | Promise]] = {
        "base_url": gettext_lazy("address: empty for the live one"),
    }
    secret_fields: ClassVar[Mapping[str, str | Promise]] = {"token": gettext_lazy("API token")}
    required: ClassVar[frozenset[str]] = frozenset({"token"})

    def __init__(
        self, *, config: Mapping[str, Any], secrets: Mapping[str, str], account: str = ""
    ) -> None:
        self._client = SupplierClient(
            base_url=str(config.get("base_url") or LIVE),
            headers={"Authorization": f"Bearer {secrets.get('token', '')}"},
            account=account,
        )

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        answer = self._client.read(f"/offers/{in_path(supplier_product_id, safe='')}")
        if not answer.is_success:
            _refuse(answer)
        found = readable(lambda: _quote(supplier_product_id, answer.body))
        if found is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        if found.available == 0:
            raise OutOfStock(_("The supplier has no key of this product."))
        return found

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        answer = self._client.buy(
            "/orders",
            body={
                "ref": request.reference,
                "offer": request.supplier_product_id,
                "count": request.quantity,
                "most": request.max_unit_price.amount,
            },
            keep=keep,
            not_after=request.not_after,
        )
        if answer.is_success:
            return _read_order(answer, request.reference)
        if _word(answer) in _NOES:
            _refuse(answer)
        # A repeated reference among them: the first call with it did arrive.
        raise OutcomeUnknown(
            _("The supplier gave an answer that does not say what it did."),
            supplier_code=_word(answer),
        )

    def find_order(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        answer = self._client.read("/orders", params={"ref": str(query.reference)}, keep=keep)
        if answer.is_success:
            return _read_order(answer, query.reference)
        if _word(answer) == "no_such_order":
            return None
        raise OutcomeUnknown(
            _("The supplier answered %(status)d to the look-up.") % {"status": answer.status},
            supplier_code=_word(answer),
        )

    def balance(self) -> Money | None:
        return None

    def close(self) -> None:
        self._client.close()


def _word(answer: Answer) -> str:
    """Keyshop's word for what is wrong. What is no such word may be anything, and is dropped."""
    word = answer.body.get("error") if isinstance(answer.body, dict) else None
    return word if isinstance(word, str) and _WORD.fullmatch(word) else ""


def _refuse(answer: Answer) -> NoReturn:
    word = _word(answer)
    raise _NOES.get(word, Refused)(
        _("The supplier refused: %(word)s.") % {"word": word or answer.status}, supplier_code=word
    )


def _read_order(answer: Answer, reference: uuid.UUID) -> SupplierOrder:
    order = readable(lambda: _order(answer.body, reference))
    if order is None:
        raise OutcomeUnknown(_("The supplier's order cannot be read."))
    return order


# What follows takes answers apart. It may raise anything: it only runs inside ``readable``.


def _quote(supplier_product_id: str, body: Mapping[str, Any]) -> Quote:
    return Quote(
        supplier_product_id=supplier_product_id,
        unit_price=_money(body, "price"),
        available=int(body["stock"]),
    )


def _order(body: Mapping[str, Any], reference: uuid.UUID) -> SupplierOrder:
    if body["ref"] != str(reference):
        raise ValueError("Another order.")
    return SupplierOrder(
        supplier_order_id=str(body["id"]),
        keys=tuple(
            SuppliedKey(KeyCode.of_text(str(key["code"])), str(key["id"])) for key in body["keys"]
        ),
        is_final=body["state"] == "done",
        charged=_money(body, "paid"),
    )


def _money(body: Mapping[str, Any], field: str) -> Money:
    return Money(Decimal(body[field]), str(body["currency"]))
