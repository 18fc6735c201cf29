"""What is known of key products that decides their stock and price in the shop."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import Count, F, Sum

from saleor_cdkeys.acquisition.stock_sql import free_keys
from saleor_cdkeys.host import prices, shop_stock
from saleor_cdkeys.host.prices import Listing
from saleor_cdkeys.host.shop_stock import VariantStock
from saleor_cdkeys.models import Key, KeyProduct, KeyUnit, Purchase, SupplierMapping
from saleor_cdkeys.statuses import (
    LIVE_KEY_ORDERS,
    OPEN_PURCHASES,
    PurchaseStatus,
    Source,
    UnitStatus,
)
from saleor_cdkeys.values import Money

#: More keys than this are never shown for sale, so that counting costs the same at any size.
MOST_SHOWN = 1000

# Of each product so many free keys, and the one that is sold next.
_FREE = f"""
SELECT product.id,
    CASE WHEN product.bought_only
    THEN (SELECT count(*) FROM (
        {free_keys(product="product.id", bought_only=True)} LIMIT product.at_most) AS free)
    ELSE (SELECT count(*) FROM ({free_keys(product="product.id")} LIMIT product.at_most) AS free)
    END,
    CASE WHEN product.bought_only
    THEN ({free_keys(product="product.id", bought_only=True)} LIMIT 1)
    ELSE ({free_keys(product="product.id")} LIMIT 1)
    END
FROM unnest(%s::bigint[], %s::int[], %s::boolean[]) AS product(id, at_most, bought_only)
"""  # noqa: S608 - the names are constants


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """``free`` keys are in stock and ``next_cost`` is what the first of them cost, if it is known.

    ``wanted`` keys lack in orders that were made, ``coming`` of them are bought already.
    ``bought``: how many keys were bought by a mapping since its supplier said how many it has.
    ``stock`` is None for a variant that is gone from Saleor.
    """

    product: KeyProduct
    mappings: tuple[SupplierMapping, ...]
    bought: Mapping[int, int]
    free: int
    next_cost: Money | None
    wanted: int
    coming: int
    listings: tuple[Listing, ...]
    stock: VariantStock | None

    def left_at(self, mapping: SupplierMapping) -> int | None:
        """How many keys its supplier still has, as far as is known; None where it did not say."""
        if mapping.available is None:
            return None
        return max(mapping.available - self.bought.get(mapping.pk, 0), 0)


def read_facts(products: Sequence[KeyProduct]) -> list[Facts]:
    """The facts of these key products, in a few queries for all of them."""
    ids = [product.pk for product in products]
    variant_ids = [product.variant_id for product in products]
    wanted, coming = _wanted(ids), _coming(ids)
    free = _free(products, wanted)
    mappings = _mappings(ids)
    bought = _bought(ids)
    listings = prices.listings_of(variant_ids=variant_ids)
    stocks = shop_stock.stocks_of(variant_ids=variant_ids)
    return [
        Facts(
            product=product,
            mappings=tuple(mappings[product.pk]),
            bought=bought,
            free=free[product.pk][0],
            next_cost=free[product.pk][1],
            wanted=wanted.get(product.pk, 0),
            coming=coming.get(product.pk, 0),
            listings=listings.get(product.variant_id, ()),
            stock=stocks.get(product.variant_id),
        )
        for product in products
    ]


def _wanted(ids: list[int]) -> dict[int, int]:
    units = KeyUnit.objects.filter(
        status=UnitStatus.OPEN,
        key_order__key_product_id__in=ids,
        key_order__status__in=LIVE_KEY_ORDERS,
    )
    counted = units.order_by().values_list("key_order__key_product_id").annotate(Count("pk"))
    return dict(counted)


def _coming(ids: list[int]) -> dict[int, int]:
    """Keys that orders wait for, less those that came already: each is in stock or in its order."""
    purchases = Purchase.objects.filter(
        status__in=OPEN_PURCHASES,
        key_order__key_product_id__in=ids,
        key_order__status__in=LIVE_KEY_ORDERS,
    )
    counted = purchases.annotate(came=Count("keys")).values_list(
        "key_order__key_product_id", "quantity", "came"
    )
    coming: dict[int, int] = defaultdict(int)
    for product_id, quantity, came in counted.order_by():
        coming[product_id] += max(quantity - came, 0)
    return coming


def _bought(ids: list[int]) -> dict[int, int]:
    purchases = Purchase.objects.filter(
        mapping__key_product_id__in=ids,
        created_at__gt=F("mapping__seen_at"),
        status__in=(*OPEN_PURCHASES, PurchaseStatus.COMPLETED),
    )
    return dict(purchases.order_by().values_list("mapping_id").annotate(Sum("quantity")))


def _free(
    products: Sequence[KeyProduct], wanted: dict[int, int]
) -> dict[int, tuple[int, Money | None]]:
    sold = [product for product in products if product.source != Source.MANUAL]
    found: dict[int, tuple[int, Money | None]] = {product.pk: (0, None) for product in products}
    with connection.cursor() as cursor:
        cursor.execute(
            _FREE,
            [
                [product.pk for product in sold],
                [MOST_SHOWN + wanted.get(product.pk, 0) for product in sold],
                [product.source == Source.SUPPLIERS for product in sold],
            ],
        )
        rows = cursor.fetchall()
    first = Key.objects.only("cost_amount", "cost_currency").in_bulk(
        [key_id for _product, _count, key_id in rows if key_id is not None]
    )
    for product_id, count, key_id in rows:
        key = first.get(key_id)
        is_known = key is not None and key.cost_amount and key.cost_currency
        cost = Money(key.cost_amount, key.cost_currency) if key and is_known else None
        found[product_id] = (count, cost)
    return found


def _mappings(ids: list[int]) -> dict[int, list[SupplierMapping]]:
    found: dict[int, list[SupplierMapping]] = defaultdict(list)
    rows = SupplierMapping.objects.select_related("supplier").filter(
        key_product_id__in=ids, is_active=True, supplier__is_active=True
    )
    for mapping in rows.order_by("position", "id"):
        found[mapping.key_product_id].append(mapping)
    return found
