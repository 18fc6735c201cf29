"""The sandbox: a supplier that sells nothing and can be told to go wrong.

It speaks HTTP to :mod:`saleor_cdkeys.suppliers.sandbox_server`, which merchants start with
``manage.py cdkeys_sandbox`` to rehearse. As many real suppliers do, it refuses a reference that it
has seen, and finds an order by its reference.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, NoReturn
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Capabilities,
    KeepAnswer,
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
from saleor_cdkeys.suppliers.http import Answer, SupplierClient
from saleor_cdkeys.values import KeyCode, Money

#: What the sandbox's codes mean: in each of these cases nothing was sold.
_REFUSALS: dict[str, type[Refused]] = {
    "out_of_stock": OutOfStock,
    "price_changed": PriceTooHigh,
    "insufficient_balance": AccountProblem,
    "unknown_product": Refused,
    "invalid": Refused,
}


class SandboxSupplier:
    """An account at the sandbox server."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        order_lookup=True, quantity=True, price_guard=True, balance=True
    )
    config_fields: ClassVar[Mapping[str, str | Promise]] = {
        "base_url": gettext_lazy("address of the sandbox server"),
    }
    secret_fields: ClassVar[Mapping[str, str | Promise]] = {"api_key": gettext_lazy("API key")}
    required: ClassVar[frozenset[str]] = frozenset({"base_url"})

    def __init__(self, *, config: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        self._client = SupplierClient(
            base_url=str(config["base_url"]),
            headers={"X-Api-Key": secrets.get("api_key", "")},
        )

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        answer = self._client.read(f"/products/{quote(supplier_product_id, safe='')}")
        if not answer.is_success:
            _refuse(answer)
        try:
            price, available = _money(answer.body, "price"), int(answer.body["stock"])
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise TryLater(_("The supplier's answer cannot be read.")) from None
        if available < 1:
            raise OutOfStock(_("The supplier has no key of this product."))
        return Quote(supplier_product_id=supplier_product_id, unit_price=price, available=available)

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer) -> SupplierOrder:
        answer = self._client.buy(
            "/orders",
            body={
                "reference": request.reference,
                "product": request.supplier_product_id,
                "quantity": request.quantity,
                "max_price": request.max_unit_price.amount,
            },
            keep=keep,
            not_after=request.not_after,
        )
        if answer.is_success:
            return _order(answer)
        if _error(answer) in _REFUSALS:
            _refuse(answer)
        # A repeated reference among them: an order with it exists, and is to be looked up.
        raise OutcomeUnknown(
            _("The supplier gave an answer that does not say what it did."),
            supplier_code=_error(answer),
            supplier_order_id=_text(answer, "order"),
        )

    def find_order(
        self, *, reference: uuid.UUID, supplier_order_id: str, keep: KeepAnswer
    ) -> SupplierOrder | None:
        answer = self._client.read("/orders", params={"reference": str(reference)}, keep=keep)
        if answer.is_success:
            return _order(answer)
        if answer.status == 404 and _error(answer) == "unknown_order":
            return None
        raise OutcomeUnknown(
            _("The supplier answered %(status)d to the look-up.") % {"status": answer.status},
            supplier_code=_error(answer),
        )

    def balance(self) -> Money | None:
        answer = self._client.read("/balance")
        if not answer.is_success:
            _refuse(answer)
        try:
            return _money(answer.body, "balance")
        except (KeyError, TypeError, ArithmeticError):
            raise TryLater(_("The supplier's answer cannot be read.")) from None

    def close(self) -> None:
        self._client.close()


def _text(answer: Answer, field: str) -> str:
    return str(answer.body.get(field, "")) if isinstance(answer.body, dict) else ""


def _error(answer: Answer) -> str:
    return _text(answer, "error")


def _refuse(answer: Answer) -> NoReturn:
    code = _error(answer)
    raise _REFUSALS.get(code, Refused)(
        _("The supplier refused: %(code)s.") % {"code": code or answer.status}, supplier_code=code
    )


def _money(body: Mapping[str, Any], field: str) -> Money:
    amount = Decimal(str(body[field]))
    if not amount.is_finite() or amount < 0:
        raise ArithmeticError(field)
    return Money(amount, str(body["currency"]))


def _order(answer: Answer) -> SupplierOrder:
    """Read an order. What cannot be read leaves the outcome unknown: keys may have been sold."""
    try:
        order = answer.body
        return SupplierOrder(
            supplier_order_id=str(order["id"]),
            keys=tuple(_key(item) for item in order["keys"]),
            is_final=order["status"] in ("completed", "closed"),
            charged=_money(order, "charged"),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        raise OutcomeUnknown(_("The supplier's order cannot be read.")) from None


def _key(item: Mapping[str, Any]) -> SuppliedKey:
    media_type = str(item.get("type", "text/plain"))
    if "fields" in item:
        code = KeyCode.of_fields([(str(name), str(value)) for name, value in item["fields"]])
    elif media_type == "text/plain":
        code = KeyCode.of_text(str(item["code"]))
    else:
        data = base64.b64decode(str(item["code"]), validate=True)
        code = KeyCode.of_bytes(data, media_type=media_type, filename=str(item.get("name", "")))
    return SuppliedKey(code=code, supplier_key_id=str(item["id"]))
