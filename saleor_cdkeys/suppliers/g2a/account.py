"""The adapter: an account's settings, and prices and orders for who asks for them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import (
    Capabilities,
    CataloguePage,
    CatalogueProduct,
    KeepAnswer,
    NoteOrder,
    NotReleased,
    OrderQuery,
    OutOfStock,
    PurchaseRequest,
    Quote,
    Refused,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.g2a import reading
from saleor_cdkeys.suppliers.g2a.catalogue import ProductList
from saleor_cdkeys.suppliers.g2a.orders import Orders
from saleor_cdkeys.suppliers.http import Rate, SupplierClient, readable
from saleor_cdkeys.values import Money

LIVE = "https://api.g2a.com/v1"

#: Hearsay, but to be slower than needed costs little.
_RATE = Rate(calls=600, seconds=60)

_CURRENCY = re.compile("[A-Z]{3}")


class G2ASupplier:
    """An account at G2A, live or in its sandbox."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        order_lookup=True,
        quantity=False,
        price_guard=True,
        catalogue=True,
        changes=True,
        late_keys=True,
        images=True,
    )
    config_fields: ClassVar[Mapping[str, str | Promise]] = {
        "base_url": gettext_lazy(
            "address: empty for the live one, https://sandboxapi.g2a.com/v1 for the sandbox"
        ),
        "email": gettext_lazy("e-mail address of the account"),
        "currency": gettext_lazy("currency to buy in: empty for EUR"),
    }
    secret_fields: ClassVar[Mapping[str, str | Promise]] = {
        "api_hash": gettext_lazy("API hash"),
        "api_secret": gettext_lazy("API secret"),
    }
    required: ClassVar[frozenset[str]] = frozenset({"email", "api_hash", "api_secret"})
    #: After so long an order that was not paid for cannot be any more. It says 30 minutes; clocks
    #: differ.
    dead_after: ClassVar[dt.timedelta] = dt.timedelta(minutes=35)

    def __init__(
        self, *, config: Mapping[str, Any], secrets: Mapping[str, str], account: str = ""
    ) -> None:
        currency = _currency(config)
        self._client = SupplierClient(
            base_url=str(config.get("base_url") or "").strip() or LIVE,
            headers={
                "Authorization": authorization(
                    api_hash=secrets.get("api_hash", "").strip(),
                    email=str(config.get("email") or "").strip(),
                    api_secret=secrets.get("api_secret", "").strip(),
                )
            },
            account=account,
            rates=[_RATE],
        )
        self._list = ProductList(self._client, currency=currency)
        self._orders = Orders(
            self._client, quote=self._quote, currency=currency, dead_after=self.dead_after
        )
        self._unreleased: set[str] = set()

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        return self._quote(supplier_product_id)

    def _quote(self, product_id: str) -> Quote:
        product = self._list.product(product_id)
        if product is None:
            raise Refused(_("G2A does not offer this product."))
        if product.available is not None and product.available < 1:
            message = _("The supplier has no key of this product.")
            if product.is_preorder:
                raise NotReleased(message, release_date=product.release_date)
            raise OutOfStock(message)
        found = readable(lambda: reading.read_quote(product))
        if found is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        if found.is_preorder:
            self._unreleased.add(product_id)
        return found

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        if request.supplier_product_id in self._unreleased and not request.allow_preorder:
            raise OutOfStock(_("The product is not released yet."))
        return self._orders.buy(request, keep=keep, note=note)

    def find_order(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        return self._orders.find(query, keep=keep)

    def balance(self) -> Money | None:
        """None: there is no call for it. That it is used up shows when an order is paid for."""
        return None

    def search(self, *, text: str, page: str = "") -> CataloguePage:
        return self._list.search(text=text, page=page)

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        return self._list.products(ids=ids)

    def changes(self, *, since: dt.datetime, page: str = "") -> CataloguePage:
        return self._list.changes(since=since, page=page)

    def close(self) -> None:
        self._client.close()


def authorization(*, api_hash: str, email: str, api_secret: str) -> str:
    """The header that every call carries: comma and blank belong to it."""
    digest = hashlib.sha256(f"{api_hash}{email}{api_secret}".encode()).hexdigest()
    return f"{api_hash}, {digest}"


def _currency(config: Mapping[str, Any]) -> str:
    currency = str(config.get("currency") or "").strip().upper() or "EUR"
    if not _CURRENCY.fullmatch(currency):
        raise ConfigurationError(_("The currency must be a code of three letters, such as EUR."))
    return currency
