"""The adapter: an account's settings, and prices, orders and messages for who asks for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.suppliers.base import (
    Capabilities,
    CataloguePage,
    CatalogueProduct,
    Hint,
    KeepAnswer,
    NoteOrder,
    NotSent,
    OrderQuery,
    OutOfStock,
    PurchaseRequest,
    Quote,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.http import SupplierClient, readable
from saleor_cdkeys.suppliers.kinguin import messages, reading
from saleor_cdkeys.suppliers.kinguin.catalogue import ProductList
from saleor_cdkeys.suppliers.kinguin.orders import Orders
from saleor_cdkeys.suppliers.kinguin.reading import Product
from saleor_cdkeys.suppliers.kinguin.refusals import refuse
from saleor_cdkeys.values import Money

LIVE = "https://gateway.kinguin.net/esa/api"


class KinguinSupplier:
    """A store's account at Kinguin, live or in its sandbox."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        order_lookup=True,
        quantity=True,
        price_guard=True,
        balance=True,
        catalogue=True,
        changes=True,
        late_keys=True,
        images=True,
        preorders=True,
        returns=True,
        webhooks=True,
    )
    config_fields: ClassVar[Mapping[str, str | Promise]] = {
        "base_url": gettext_lazy(
            "address: empty for the live one, https://gateway.sandbox.kinguin.net/esa/api for the "
            "sandbox"
        ),
    }
    secret_fields: ClassVar[Mapping[str, str | Promise]] = {
        "api_key": gettext_lazy("API key"),
        "webhook_secret": gettext_lazy("webhook secret, where webhooks are wanted"),
    }
    required: ClassVar[frozenset[str]] = frozenset({"api_key"})

    def __init__(
        self, *, config: Mapping[str, Any], secrets: Mapping[str, str], account: str = ""
    ) -> None:
        self._webhook_secret = secrets.get("webhook_secret", "").strip()
        self._client = SupplierClient(
            base_url=str(config.get("base_url") or "").strip() or LIVE,
            headers={"X-Api-Key": secrets.get("api_key", "").strip()},
            account=account,
        )
        self._list = ProductList(self._client)
        self._orders = Orders(self._client, self._list)
        self._quoted: dict[str, Product] = {}

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        product = self._list.read(supplier_product_id)
        quote = readable(lambda: product.quote(supplier_product_id))
        if quote is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        self._quoted[supplier_product_id] = product
        return quote

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        product = self._product_to_buy(request.supplier_product_id)
        if product.is_preorder and not request.allow_preorder:
            raise OutOfStock(_("The product is not released yet."))
        return self._orders.buy(request, product_id=product.product_id, keep=keep, note=note)

    def _product_to_buy(self, supplier_product_id: str) -> Product:
        """What was quoted, or else is read now: its id for orders, and whether it is released."""
        if supplier_product_id in self._quoted:
            return self._quoted[supplier_product_id]
        try:
            return self._list.read(supplier_product_id)
        except TryLater as error:
            message, code = str(error), error.supplier_code
        raise NotSent(message, supplier_code=code)

    def find_order(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        return self._orders.find(query, keep=keep)

    def balance(self) -> Money | None:
        answer = self._client.read("/v1/balance")
        if not answer.is_success:
            refuse(answer)
        found = readable(lambda: reading.read_balance(answer.body))
        if found is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        return found

    def search(self, *, text: str, page: str = "") -> CataloguePage:
        return self._list.search(text=text, page=page)

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        return self._list.products(ids=ids)

    def changes(self, *, since: dt.datetime, page: str = "") -> CataloguePage:
        return self._list.changes(since=since, page=page)

    def return_order(self, *, supplier_order_id: str) -> None:
        self._orders.send_back(supplier_order_id)

    def read_message(self, *, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        return messages.read(headers, body, secret=self._webhook_secret)

    def close(self) -> None:
        self._client.close()
