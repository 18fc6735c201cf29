"""Saleor's stock of product variants: reading it, and setting how much there is.

A stock row says how many there are in a warehouse; what is allocated to open orders is taken off
that before anybody else may buy. Rows are locked as Saleor's checkout locks them.
"""

from __future__ import annotations

import dataclasses
import functools
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum
from saleor.product.models import ProductVariant
from saleor.warehouse.lock_objects import stock_qs_select_for_update
from saleor.warehouse.management import stock_bulk_update
from saleor.warehouse.models import Allocation, Stock, Warehouse

from saleor_cdkeys.host.stock_news import announce


@dataclasses.dataclass(frozen=True, slots=True)
class StockRow:
    """What a warehouse has of a variant, and how much of it open orders have been promised."""

    warehouse_id: uuid.UUID
    warehouse: str
    quantity: int
    allocated: int

    @property
    def for_sale(self) -> int:
        return self.quantity - self.allocated


@dataclasses.dataclass(frozen=True, slots=True)
class VariantStock:
    """The stock of a variant. ``is_tracked`` False: Saleor sells it without looking at stock."""

    variant_id: int
    is_tracked: bool
    rows: tuple[StockRow, ...] = ()

    @property
    def for_sale(self) -> int:
        """How many more can be bought; a row that is oversold takes nothing off another."""
        return sum(max(row.for_sale, 0) for row in self.rows)


def stocks_of(*, variant_ids: Collection[int]) -> dict[int, VariantStock]:
    """The stock of the variants that exist, rows in the order in which they were made."""
    tracked = dict(
        ProductVariant.objects.filter(pk__in=variant_ids).values_list("pk", "track_inventory")
    )
    stocks = (
        Stock.objects.filter(product_variant_id__in=variant_ids)
        .order_by("pk")
        .values_list("pk", "product_variant_id", "warehouse_id", "warehouse__slug", "quantity")
    )
    found = list(stocks)
    allocated = _allocated([pk for pk, *_rest in found])
    rows: dict[int, list[StockRow]] = defaultdict(list)
    for pk, variant_id, warehouse_id, slug, quantity in found:
        rows[variant_id].append(StockRow(warehouse_id, slug, quantity, allocated.get(pk, 0)))
    return {
        variant_id: VariantStock(variant_id, is_tracked, tuple(rows[variant_id]))
        for variant_id, is_tracked in tracked.items()
    }


def _allocated(stock_ids: list[int]) -> dict[int, int]:
    rows = Allocation.objects.filter(stock_id__in=stock_ids, quantity_allocated__gt=0)
    return dict(rows.order_by().values_list("stock_id").annotate(Sum("quantity_allocated")))


def lock_stock(*, variant_id: int) -> None:
    """Let nobody allocate or change the variant's stock until the transaction ends."""
    list(stock_qs_select_for_update().filter(product_variant_id=variant_id).values_list("pk"))


def warehouse_named(slug: str) -> uuid.UUID | None:
    """The id of the warehouse with that slug, or None."""
    found: uuid.UUID | None = (
        Warehouse.objects.filter(slug=slug).values_list("pk", flat=True).first()
    )
    return found


def warehouses_of_channels(*, channel_ids: Collection[int]) -> dict[int, tuple[uuid.UUID, str]]:
    """The first warehouse, by slug, that each of these channels sells from: id and slug."""
    rows = Warehouse.objects.filter(channels__in=channel_ids).order_by("slug")
    found: dict[int, tuple[uuid.UUID, str]] = {}
    for channel_id, warehouse_id, slug in rows.values_list("channels", "pk", "slug"):
        found.setdefault(channel_id, (warehouse_id, slug))
    return found


def set_quantities(*, variant_id: int, quantities: Mapping[uuid.UUID, int]) -> None:
    """Set how many there are in each of these warehouses, and have Saleor look at them.

    Rows that lack are made, and the variant is tracked from now on. Apps are told when the
    transaction is over. Call it in the transaction in which the stock was locked and read.
    """
    ProductVariant.objects.filter(pk=variant_id, track_inventory=False).update(track_inventory=True)
    changed: list[Any] = []
    was_for_sale: dict[int, int] = {}
    for warehouse_id, quantity in quantities.items():
        stock, _created = Stock.objects.get_or_create(
            product_variant_id=variant_id, warehouse_id=warehouse_id
        )
        allocated = _allocated([stock.pk]).get(stock.pk, 0)
        was_for_sale[stock.pk] = stock.quantity - allocated
        if stock.quantity != quantity:
            stock.quantity = quantity
            changed.append(stock)
    if not changed:
        return
    stock_bulk_update(changed, ["quantity"])
    is_for_sale = {
        stock.pk: stock.quantity - _allocated([stock.pk]).get(stock.pk, 0) for stock in changed
    }
    back = [s for s in changed if was_for_sale[s.pk] <= 0 < is_for_sale[s.pk]]
    out = [s for s in changed if was_for_sale[s.pk] > 0 >= is_for_sale[s.pk]]
    transaction.on_commit(functools.partial(announce, changed, back=back, out=out))
