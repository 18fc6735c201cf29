"""Products of a supplier that has no catalogue, as its quotes tell of them: a call for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    CatalogueProduct,
    Refused,
    SupplierAdapter,
)

#: Mappings to begin with, as none of them is written down before all are told.
FIRST_BATCH = 5


class Quoted:
    """Tells of products where the adapter can only quote."""

    def __init__(self, adapter: SupplierAdapter) -> None:
        self._adapter = adapter

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct | None]:
        """Each of them, None for one that is not sold: whether there is such a product, and what
        it is, a refusal does not say. Raises AccountProblem, Busy or TryLater."""
        return {product_id: self._product(product_id) for product_id in ids}

    def _product(self, product_id: str) -> CatalogueProduct | None:
        try:
            quote = self._adapter.quote(supplier_product_id=product_id, quantity=1)
        except (AccountProblem, Busy):
            raise
        except Refused:
            return None
        return CatalogueProduct(
            product_id,
            name="",
            price=quote.unit_price,
            available=quote.available,
            blocked_countries=quote.blocked_countries,
            is_preorder=quote.is_preorder,
            release_date=quote.release_date,
        )
