"""The sandbox's catalogue, and what its messages are about."""

from __future__ import annotations

import datetime as dt
import hmac
import itertools
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import (
    CataloguePage,
    CatalogueProduct,
    ForgedMessage,
    Hint,
    HintKind,
    TryLater,
)
from saleor_cdkeys.suppliers.http import SupplierClient, readable
from saleor_cdkeys.values import Money

_IDS_AT_ONCE = 100


class SandboxCatalogue:
    """Lists the sandbox's products."""

    def __init__(self, client: SupplierClient) -> None:
        self._client = client

    def page(self, wanted: Mapping[str, str], page: str) -> CataloguePage:
        """A page of the products that are wanted. Raises AccountProblem or TryLater."""
        params = {**wanted, **({"page": page} if page else {})}
        answer = self._client.read("/products", params=params)
        found = readable(lambda: _page(answer.body)) if answer.is_success else None
        if found is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        return found

    def products(self, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        found: dict[str, CatalogueProduct] = {}
        waiting = iter(dict.fromkeys(ids))
        while some := list(itertools.islice(waiting, _IDS_AT_ONCE)):
            page = self.page({"ids": "\n".join(some)}, "")
            found |= {product.supplier_product_id: product for product in page.products}
        return {known_as: found[known_as] for known_as in ids if known_as in found}


def read_message(headers: Mapping[str, str], body: bytes, *, secret: str) -> Sequence[Hint]:
    """What a message is about. Raises ForgedMessage, also where no secret was entered."""
    told = {name.lower(): value for name, value in headers.items()}
    proof = told.get("x-sandbox-secret", "").encode(errors="replace")
    if not (secret and hmac.compare_digest(proof, secret.encode(errors="replace"))):
        raise ForgedMessage(_("The message does not hold the secret of this account."))
    return readable(lambda: _hints(json.loads(body))) or (Hint(HintKind.NONE),)


def _hints(message: Mapping[str, Any]) -> Sequence[Hint]:
    updated_at = readable(lambda: dt.datetime.fromisoformat(message["updated_at"]))
    if "order" in message:
        reference = str(message.get("reference", ""))
        order_id = str(message["order"])
        return (Hint(HintKind.ORDER, id=order_id, reference=reference, updated_at=updated_at),)
    return tuple(
        Hint(HintKind.PRODUCT, id=str(product_id), updated_at=updated_at)
        for product_id in message["products"]
    )


def _page(body: Mapping[str, Any]) -> CataloguePage:
    return CataloguePage(
        products=tuple(_product(item) for item in body["products"]),
        next_page=str(body["next_page"]),
    )


def _product(item: Mapping[str, Any]) -> CatalogueProduct:
    release_date = item["release_date"]
    return CatalogueProduct(
        supplier_product_id=str(item["id"]),
        name=str(item["name"] or item["id"]),
        region=str(item["region"]),
        price=Money(Decimal(str(item["price"])), str(item["currency"])),
        available=int(item["stock"]),
        blocked_countries=frozenset(map(str, item["blocked_countries"])),
        is_preorder=bool(item["is_preorder"]),
        release_date=dt.date.fromisoformat(release_date) if release_date else None,
    )
