"""The adapter: an account's settings, and prices, orders and messages for who asks for them."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.bamboo import messages
from saleor_cdkeys.suppliers.bamboo.api import Api
from saleor_cdkeys.suppliers.bamboo.catalogue import Catalog
from saleor_cdkeys.suppliers.bamboo.orders import Orders
from saleor_cdkeys.suppliers.bamboo.reading import Article, Product
from saleor_cdkeys.suppliers.bamboo.wallet import Wallet
from saleor_cdkeys.suppliers.base import (
    Busy,
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
    Refused,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.http import SupplierClient
from saleor_cdkeys.values import Money

LIVE = "https://api.bamboocardportal.com"


class BambooSupplier:
    """An account at Bamboo, live or in its sandbox.

    A product is named by its number, and by number and face value where that is free: ``55:12.50``.
    """

    capabilities: ClassVar[Capabilities] = Capabilities(
        order_lookup=True,
        refuses_repeats=True,
        quantity=True,
        balance=True,
        catalogue=True,
        changes=True,
        late_keys=True,
        webhooks=True,
    )
    config_fields: ClassVar[Mapping[str, str | Promise]] = {
        "base_url": gettext_lazy("address: empty for Bamboo's own, which serves live and sandbox"),
        "account_id": gettext_lazy("number of the account that pays, of the sandbox or live"),
    }
    secret_fields: ClassVar[Mapping[str, str | Promise]] = {
        "client_id": gettext_lazy("client ID, of the sandbox or live"),
        "client_secret": gettext_lazy("client secret"),
        "notification_secret": gettext_lazy("secret key of the notifications, where wanted"),
        "webhook_secret": gettext_lazy("secret of the portal's webhooks, where wanted"),
    }
    required: ClassVar[frozenset[str]] = frozenset({"account_id", "client_id", "client_secret"})

    def __init__(
        self, *, config: Mapping[str, Any], secrets: Mapping[str, str], account: str = ""
    ) -> None:
        account_id = _account_id(config)
        self._secrets = secrets
        client = SupplierClient(
            base_url=str(config.get("base_url") or "").strip() or LIVE,
            headers={"Authorization": _authorization(secrets), "Accept": "application/json"},
            account=account,
        )
        self._api = Api(client, account=account)
        self._wallet = Wallet(self._api, account_id=account_id, account=account)
        self._catalog = Catalog(self._api)
        self._orders = Orders(self._api, account_id=account_id, currency=self._wallet.currency)
        self._face_values: dict[str, Decimal] = {}

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        article = _article(supplier_product_id)
        currency = self._wallet.currency()
        product = self._catalog.product(article.product_id, currency=currency)
        face_value = _face_value(product, article)
        price = product.price(face_value)
        if price.currency != currency:
            raise Refused(
                _("Bamboo does not tell the price in %(currency)s, in which the account pays.")
                % {"currency": currency}
            )
        if product.count is not None and product.count < 1:
            raise OutOfStock(_("The supplier has no key of this product."))
        self._face_values[supplier_product_id] = face_value
        return Quote(
            supplier_product_id=supplier_product_id, unit_price=price, available=product.count
        )

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        name = request.supplier_product_id
        article = _article(name)
        if name not in self._face_values:
            self._face_values[name] = self._ask_for_face_value(article)
        return self._orders.buy(
            request,
            product_id=article.product_id,
            face_value=self._face_values[name],
            keep=keep,
            note=note,
        )

    def _ask_for_face_value(self, article: Article) -> Decimal:
        """Before anything is ordered, so what fails here was surely not sent."""
        try:
            return _face_value(self._catalog.product(article.product_id), article)
        except TryLater as error:
            text, wait = str(error), error.retry_after
        if wait is not None:
            raise Busy(text, retry_after=wait)
        raise NotSent(text)

    def find_order(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        return self._orders.find(query, keep=keep)

    def balance(self) -> Money | None:
        return self._wallet.balance()

    def search(self, *, text: str, page: str = "") -> CataloguePage:
        return self._catalog.search(text=text, page=page, currency=self._wallet.currency())

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        return self._catalog.products(ids=ids, currency=self._wallet.currency())

    def changes(self, *, since: dt.datetime, page: str = "") -> CataloguePage:
        return self._catalog.changes(since=since, page=page, currency=self._wallet.currency())

    def read_message(self, *, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        return messages.read(
            headers=headers,
            body=body,
            notification_secret=self._secrets.get("notification_secret", ""),
            webhook_secret=self._secrets.get("webhook_secret", ""),
        )

    def close(self) -> None:
        self._api.close()


def _account_id(config: Mapping[str, Any]) -> int:
    text = str(config.get("account_id") or "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ConfigurationError(_("The number of the account must be a whole number."))
    return int(text)


def _authorization(secrets: Mapping[str, str]) -> str:
    """HTTP Basic, in which a colon ends the name."""
    client_id = secrets.get("client_id", "").strip()
    if ":" in client_id:
        raise ConfigurationError(_("The client ID must not hold a colon. Enter it anew."))
    pair = f"{client_id}:{secrets.get('client_secret', '').strip()}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _article(text: str) -> Article:
    article = Article.read(text)
    if article is None:
        raise Refused(
            _("Bamboo names products by a number, such as 55, or 55:10 for one at a face value.")
        )
    return article


def _face_value(product: Product, article: Article) -> Decimal:
    """Raises Refused where the product does not come at the face value of a mapping, or at any."""
    face_value = product.face_value(article.face_value)
    if face_value is None:
        raise Refused(
            _("Choose a face value from %(low)s to %(high)s: map it as %(example)s.")
            % {
                "low": f"{product.faces[0].normalize():f}",
                "high": f"{product.faces[1].normalize():f}",
                "example": f"{product.id}:{product.faces[0].normalize():f}",
            }
        )
    return face_value
