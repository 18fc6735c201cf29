"""Which key product and which supplier account a row means."""

from __future__ import annotations

from collections.abc import Iterable

from saleor_cdkeys.acquisition.mapping_import.outcomes import Outcome
from saleor_cdkeys.acquisition.mapping_import.rows import Row
from saleor_cdkeys.acquisition.stock_import.products import find_products
from saleor_cdkeys.host import catalogue
from saleor_cdkeys.models import KeyProduct, Supplier


class Targets:
    """Finds them, with a few queries for each chunk of rows. Accounts are read once."""

    def __init__(self) -> None:
        self._suppliers: dict[str, int] = {}
        names = Supplier.objects.order_by("-pk").values_list("name", "pk")
        # A name as it is written goes before one that differs in case.
        for name, pk in names:
            self._suppliers[name.casefold()] = pk
        self._suppliers |= dict(names)

    def assign(self, rows: Iterable[Row]) -> None:
        """Set key product and supplier of each row, or refuse the row."""
        usable = [row for row in rows if row.outcome is None]
        by_sku = find_products({row.sku for row in usable if row.sku})
        by_variant = _by_variant({row.variant_id for row in usable if row.variant_id is not None})
        for row in usable:
            if row.sku:
                found = by_sku[row.sku]
                target = found if isinstance(found, int) else Outcome(found.value)
            else:
                assert row.variant_id is not None
                target = by_variant[row.variant_id]
            supplier_id = self._suppliers.get(row.supplier) or self._suppliers.get(
                row.supplier.casefold()
            )
            if isinstance(target, Outcome):
                row.refuse(target)
            elif supplier_id is None:
                row.refuse(Outcome.UNKNOWN_SUPPLIER)
            else:
                row.key_product_id, row.supplier_id = target, supplier_id


def _by_variant(variant_ids: set[int]) -> dict[int, int | Outcome]:
    known = catalogue.variants_by_id(ids=variant_ids)
    products = dict(
        KeyProduct.objects.filter(variant_id__in=variant_ids).values_list("variant_id", "pk")
    )
    return {
        variant_id: products.get(
            variant_id,
            Outcome.NOT_A_KEY_PRODUCT if variant_id in known else Outcome.UNKNOWN_VARIANT,
        )
        for variant_id in variant_ids
    }
