"""The sandbox's catalogue, page by page."""

from __future__ import annotations

import dataclasses
from decimal import Decimal, InvalidOperation
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server.goods import Product
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal, Shop

PAGE_SIZE = 100


def list_products(shop: Shop, query: dict[str, list[str]]) -> dict[str, Any]:
    """A page of the products that are wanted. Raises Refusal.

    ``search``: whose name or id holds it; ``ids``: these, one a line; ``since``: that changed since
    then (seconds, as of time.time).
    """
    try:
        number = int(query.get("page", ["1"])[0])
        since = Decimal(query.get("since", ["0"])[0])
    except (ValueError, InvalidOperation):
        raise Refusal("invalid", 400) from None
    text = query.get("search", [""])[0].casefold()
    ids = set(query.get("ids", [""])[0].split("\n")) - {""}
    wanted = [
        product
        for product in shop.products.values()
        if (not ids or product.id in ids)
        and product.changed_at >= since
        and (text in product.id.casefold() or text in product.listing.name.casefold())
    ]
    rest = wanted[max(number - 1, 0) * PAGE_SIZE :]
    return {
        "products": [_entry(product, shop.currency) for product in rest[:PAGE_SIZE]],
        "next_page": str(number + 1) if len(rest) > PAGE_SIZE else "",
    }


def _entry(product: Product, currency: str) -> dict[str, Any]:
    return {
        "id": product.id,
        "price": str(product.price),
        "currency": currency,
        "stock": product.stock,
        **dataclasses.asdict(product.listing),
    }
