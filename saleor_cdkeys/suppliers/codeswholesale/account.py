"""The adapter: an account's settings, and prices, orders and messages for who asks for them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote as in_path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import (
    Capabilities,
    CataloguePage,
    CatalogueProduct,
    Hint,
    KeepAnswer,
    NoteOrder,
    OrderQuery,
    OutOfStock,
    PurchaseRequest,
    Quote,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.codeswholesale import postbacks, reading
from saleor_cdkeys.suppliers.codeswholesale.catalogue import ProductList
from saleor_cdkeys.suppliers.codeswholesale.orders import Orders
from saleor_cdkeys.suppliers.codeswholesale.refusals import let_through, refuse
from saleor_cdkeys.suppliers.http import SupplierClient, readable
from saleor_cdkeys.suppliers.oauth import BearerClient, Tokens
from saleor_cdkeys.suppliers.rate_limit import Gate, Rate
from saleor_cdkeys.values import Money

LIVE = "https://api.codeswholesale.com"

#: What it publishes of its limits.
_TOKEN_RATE = Rate(50, 300)
_LIST_RATE = Rate(400, 600)
_PRODUCT_RATE = Rate(600, 300)

_CURRENCY = re.compile("[A-Z]{3}")


class CodesWholesaleSupplier:
    """An account at CodesWholesale, live or in its sandbox."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        order_lookup=True,
        quantity=True,
        balance=True,
        catalogue=True,
        changes=True,
        late_keys=True,
        images=True,
        preorders=True,
        webhooks=True,
    )
    config_fields: ClassVar[Mapping[str, str | Promise]] = {
        "base_url": gettext_lazy(
            "address: empty for the live one, https://sandbox.codeswholesale.com for the sandbox"
        ),
        "currency": gettext_lazy("currency of the account: empty for EUR"),
    }
    secret_fields: ClassVar[Mapping[str, str | Promise]] = {
        "client_id": gettext_lazy("API client ID"),
        "client_secret": gettext_lazy("API client secret"),
        "signature": gettext_lazy("API signature, where postbacks are wanted"),
    }
    required: ClassVar[frozenset[str]] = frozenset({"client_id", "client_secret"})

    def __init__(
        self, *, config: Mapping[str, Any], secrets: Mapping[str, str], account: str = ""
    ) -> None:
        self._client_id = secrets.get("client_id", "")
        self._signature = secrets.get("signature", "")
        self._currency = _currency(config)
        self._api = _connect(config, secrets, account)
        self._orders = Orders(self._api, currency=self._currency)
        self._list = ProductList(
            self._api, currency=self._currency, gate=_gate(account, "products", _LIST_RATE)
        )
        self._product_gate = _gate(account, "product", _PRODUCT_RATE)
        self._unreleased: set[str] = set()

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        let_through(self._product_gate)
        answer = self._api.read(f"/v3/products/{in_path(supplier_product_id, safe='')}")
        if not answer.is_success:
            refuse(answer)
        found = readable(
            lambda: reading.read_quote(answer.body, quantity=quantity, currency=self._currency)
        )
        if found is None or found.supplier_product_id != supplier_product_id:
            raise TryLater(_("The supplier's answer cannot be read."))
        if found.available is not None and found.available < 1:
            raise OutOfStock(_("The supplier has no key of this product."))
        if found.is_preorder:
            self._unreleased.add(supplier_product_id)
        return found

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        if request.supplier_product_id in self._unreleased and not request.allow_preorder:
            raise OutOfStock(_("The product is not released yet."))
        return self._orders.buy(request, keep=keep, note=note)

    def find_order(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        return self._orders.find(query, keep=keep)

    def balance(self) -> Money | None:
        """Money and credit together, which is what may be spent."""
        answer = self._api.read("/v3/accounts/current")
        if not answer.is_success:
            refuse(answer)
        found = readable(lambda: reading.read_balance(answer.body))
        if found is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        return Money(found, self._currency)

    def search(self, *, text: str, page: str = "") -> CataloguePage:
        return self._list.search(text=text, page=page)

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        return self._list.products(ids=ids)

    def changes(self, *, since: dt.datetime, page: str = "") -> CataloguePage:
        return self._list.changes(since=since, page=page)

    def read_message(self, *, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        return postbacks.read(body, client_id=self._client_id, signature=self._signature)

    def close(self) -> None:
        self._api.close()


def _connect(config: Mapping[str, Any], secrets: Mapping[str, str], account: str) -> BearerClient:
    base_url = str(config.get("base_url") or "").strip() or LIVE
    credentials = {name: secrets.get(name, "") for name in ("client_id", "client_secret")}
    client = SupplierClient(base_url=base_url, headers={}, account=account)
    tokens = Tokens(
        client,
        account=account,
        path="/oauth/token",
        form={"grant_type": "client_credentials", **credentials},
        credentials=(base_url, *credentials.values()),
        rates=[_TOKEN_RATE],
    )
    return BearerClient(client, tokens)


def _currency(config: Mapping[str, Any]) -> str:
    currency = str(config.get("currency") or "").strip().upper() or "EUR"
    if not _CURRENCY.fullmatch(currency):
        raise ConfigurationError(_("The currency must be a code of three letters, such as EUR."))
    return currency


def _gate(account: str, name: str, rate: Rate) -> Gate:
    """Its limits are each for one call, so each is counted by itself."""
    return Gate(account=f"{account}:{name}" if account else "", rates=[rate])
