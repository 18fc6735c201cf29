"""Key products, their stock, and who sells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, QuerySet

from saleor_cdkeys.acquisition.stock_levels import StockLevel, stock_levels
from saleor_cdkeys.graphql.loaders.base import RowById, RowsByOwner
from saleor_cdkeys.graphql.nearest import nearest_of_each
from saleor_cdkeys.graphql.window import Window
from saleor_cdkeys.host.graphql import DataLoader
from saleor_cdkeys.models import KeyProduct, Supplier, SupplierMapping


class KeyProductById(RowById):
    context_key = "cdkeys_key_product_by_id"
    model = KeyProduct


class SupplierById(RowById):
    context_key = "cdkeys_supplier_by_id"
    model = Supplier


class KeyProductByVariant(DataLoader):
    """The key product of one of Saleor's variants, or None."""

    context_key = "cdkeys_key_product_by_variant"

    def batch_load(self, keys: Iterable[int]) -> list[Any]:
        keys = list(keys)
        rows = KeyProduct.objects.using(self.database_connection_name)
        found = rows.in_bulk(keys, field_name="variant_id")
        return [found.get(key) for key in keys]


class StockByKeyProduct(DataLoader):
    context_key = "cdkeys_stock_by_key_product"

    def batch_load(self, keys: Iterable[int]) -> list[StockLevel]:
        keys = list(keys)
        found = stock_levels(key_product_ids=keys, using=self.database_connection_name)
        return [found[key] for key in keys]


class MappingsByKeyProduct(RowsByOwner):
    """The mappings of a key product, in order of preference."""

    context_key = "cdkeys_mappings_by_key_product"
    owner = "key_product_id"

    def rows(self, keys: Collection[int]) -> QuerySet[SupplierMapping]:
        mappings = SupplierMapping.objects.filter(key_product_id__in=keys)
        return mappings.order_by("key_product_id", "position", "pk")


class MappingPages(DataLoader):
    """Mappings of suppliers, a page each: keys are (supplier id, window)."""

    context_key = "cdkeys_mapping_pages"

    def batch_load(self, keys: Iterable[tuple[int, Window]]) -> list[list[SupplierMapping]]:
        keys = list(keys)
        found: dict[tuple[int, Window], list[SupplierMapping]] = defaultdict(list)
        rows = SupplierMapping.objects.using(self.database_connection_name)
        for window in dict.fromkeys(window for _supplier, window in keys):
            ids = {supplier for supplier, asked in keys if asked == window}
            for row in nearest_of_each(rows.all(), {"supplier_id": ids}, window):
                found[row.supplier_id, window].append(row)
        return [found[key] for key in keys]


class MappingCounts(DataLoader):
    """How many mappings a supplier has."""

    context_key = "cdkeys_mapping_counts"

    def batch_load(self, keys: Iterable[int]) -> list[int]:
        keys = list(keys)
        counted = (
            SupplierMapping.objects.using(self.database_connection_name)
            .filter(supplier_id__in=keys)
            .order_by()
            .values_list("supplier_id")
            .annotate(count=Count("pk"))
        )
        found = dict(counted)
        return [found.get(key, 0) for key in keys]
