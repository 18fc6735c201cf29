"""The sandbox: a supplier that sells nothing and can be told to go wrong.

It speaks HTTP to :mod:`saleor_cdkeys.suppliers.sandbox_server`, which merchants start with
``manage.py cdkeys_sandbox`` to rehearse. As many real suppliers do, it refuses a reference that it
has seen, and finds an order by its reference.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NoReturn
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.suppliers.base import (
    BalanceTooLow,
    Capabilities,
    CataloguePage,
    CatalogueProduct,
    Hint,
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
    is_storable,
)
from saleor_cdkeys.suppliers.http import Answer, SupplierClient, readable
from saleor_cdkeys.suppliers.sandbox_catalogue import SandboxCatalogue, read_message
from saleor_cdkeys.values import KeyCode, Money

_CODE = re.compile("[a-z_]{1,32}")

#: What the sandbox's codes mean: in each of these cases nothing was sold.
_REFUSALS: dict[str, type[Refused]] = {
    "out_of_stock": OutOfStock,
    "price_changed": PriceTooHigh,
    "insufficient_balance": BalanceTooLow,
    "unknown_product": Refused,
    "invalid": Refused,
}


class SandboxSupplier:
    """An account at the sandbox server."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        order_lookup=True,
        refuses_repeats=True,
        quantity=True,
        price_guard=True,
        balance=True,
        catalogue=True,
        changes=True,
        late_keys=True,
        images=True,
        webhooks=True,
    )
    config_fields: ClassVar[Mapping[str, str | Promise]] = {
        "base_url": gettext_lazy("address of the sandbox server"),
    }
    secret_fields: ClassVar[Mapping[str, str | Promise]] = {
        "api_key": gettext_lazy("API key"),
        "message_secret": gettext_lazy("secret of its messages"),
    }
    required: ClassVar[frozenset[str]] = frozenset({"base_url"})

    def __init__(
        self, *, config: Mapping[str, Any], secrets: Mapping[str, str], account: str = ""
    ) -> None:
        self._client = SupplierClient(
            base_url=str(config["base_url"]),
            headers={"X-Api-Key": secrets.get("api_key", "")},
            account=account,
        )
        self._catalogue = SandboxCatalogue(self._client)
        self._message_secret = secrets.get("message_secret", "")

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        answer = self._client.read(f"/products/{quote(supplier_product_id, safe='')}")
        if not answer.is_success:
            _refuse(answer)
        found = readable(lambda: _quote(supplier_product_id, answer.body))
        if found is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        if found.available is not None and found.available < 1:
            raise OutOfStock(_("The supplier has no key of this product."))
        return found

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
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
            return _read_order(answer, request.reference)
        if _error(answer) in _REFUSALS:
            _refuse(answer)
        # A repeated reference among them: an order with it exists, and is to be looked up.
        raise OutcomeUnknown(
            _("The supplier gave an answer that does not say what it did."),
            supplier_code=_error(answer),
            supplier_order_id=_text(answer, "order"),
        )

    def find_order(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        reference = {"reference": str(query.reference)}
        answer = self._client.read("/orders", params=reference, keep=keep)
        if answer.is_success:
            return _read_order(answer, query.reference)
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
        found = readable(lambda: _money(answer.body, "balance"))
        if found is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        return found

    def search(self, *, text: str, page: str = "") -> CataloguePage:
        return self._catalogue.page({"search": text.strip()}, page)

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        return self._catalogue.products(ids)

    def changes(self, *, since: dt.datetime, page: str = "") -> CataloguePage:
        return self._catalogue.page({"since": f"{since.timestamp():.3f}"}, page)

    def read_message(self, *, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        return read_message(headers, body, secret=self._message_secret)

    def close(self) -> None:
        self._client.close()


def _text(answer: Answer, field: str) -> str:
    text = str(answer.body.get(field, "")) if isinstance(answer.body, dict) else ""
    return text if is_storable(text) else ""


def _error(answer: Answer) -> str:
    """The sandbox's code for what is wrong; anything else in that place is not repeated."""
    code = _text(answer, "error")
    return code if _CODE.fullmatch(code) else ""


def _refuse(answer: Answer) -> NoReturn:
    code = _error(answer)
    raise _REFUSALS.get(code, Refused)(
        _("The supplier refused: %(code)s.") % {"code": code or answer.status}, supplier_code=code
    )


def _quote(supplier_product_id: str, body: Mapping[str, Any]) -> Quote:
    return Quote(
        supplier_product_id=supplier_product_id,
        unit_price=_money(body, "price"),
        available=int(body["stock"]),
    )


def _money(body: Mapping[str, Any], field: str) -> Money:
    amount = Decimal(str(body[field]))
    if not amount.is_finite():
        raise ValueError(field)
    return Money(amount, str(body["currency"]))


def _read_order(answer: Answer, reference: uuid.UUID) -> SupplierOrder:
    """The order. What cannot be read leaves the outcome unknown: keys may have been sold."""
    order = readable(lambda: _order(answer))
    if order is None or _text(answer, "reference") != str(reference):
        raise OutcomeUnknown(_("The supplier's order cannot be read."))
    return order


def _order(answer: Answer) -> SupplierOrder:
    order = answer.body
    return SupplierOrder(
        supplier_order_id=str(order["id"]),
        keys=tuple(_key(item) for item in order["keys"]),
        is_final=order["status"] in ("completed", "closed"),
        charged=_money(order, "charged"),
    )


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
