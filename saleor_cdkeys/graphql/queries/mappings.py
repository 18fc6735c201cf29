"""Listing which supplier products are mapped."""

from __future__ import annotations

from typing import Any

from saleor_cdkeys.graphql.fields import SUPPLIERS
from saleor_cdkeys.graphql.listing import mappings
from saleor_cdkeys.graphql.listing.mappings import CdKeySupplierMappingFilterInput
from saleor_cdkeys.graphql.types import CdKeySupplierMappingCountableConnection
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ConnectionField


class MappingQueries:
    cd_key_supplier_mappings = ConnectionField(
        CdKeySupplierMappingCountableConnection,
        filter=CdKeySupplierMappingFilterInput(description="Which ones."),
        permissions=SUPPLIERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="Which supplier products are mapped, newest first; those that need a look.",
    )

    @staticmethod
    def resolve_cd_key_supplier_mappings(
        _root: Any, info: Any, *, filter: Any = None, **arguments: Any
    ) -> Any:
        return mappings.page(info, filter or {}, arguments)
