from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import mappings
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeySupplierMapping
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ProductPermissions


class CdKeySupplierMappingAccept(CdKeyMutation):
    cd_key_supplier_mapping = graphene.Field(
        CdKeySupplierMapping, description="The mapping as it is now."
    )

    class Arguments:
        id = graphene.ID(required=True, description="ID of the mapping.")

    class Meta:
        description = (
            "Be content with region and pre-order of a mapped product as they are now, so that it "
            "is flagged for those no more. One that vanished or costs too much stays flagged."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeySupplierMappingAccept:
        mapping = mappings.accept(mapping_id=cls.own_id(id, "CdKeySupplierMapping"))
        return cls(cd_key_supplier_mapping=mapping)
