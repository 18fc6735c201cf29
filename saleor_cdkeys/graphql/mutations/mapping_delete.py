from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import mappings
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeySupplierMapping
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ProductPermissions


class CdKeySupplierMappingDelete(CdKeyMutation):
    cd_key_supplier_mapping = graphene.Field(
        CdKeySupplierMapping, description="The mapping that was deleted."
    )

    class Arguments:
        id = graphene.ID(required=True, description="ID of the mapping.")

    class Meta:
        description = "Take a mapping away. What was bought by it keeps its record."
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeySupplierMappingDelete:
        mapping = mappings.delete(mapping_id=cls.own_id(id, "CdKeySupplierMapping"))
        return cls(cd_key_supplier_mapping=mapping)
