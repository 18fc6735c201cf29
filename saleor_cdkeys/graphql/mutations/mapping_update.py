from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import mappings
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeySupplierMapping
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    ProductPermissions,
)


class CdKeySupplierMappingInput(BaseInputObjectType):
    supplier_product_id = graphene.String(description="The supplier's own id of the product.")
    is_active = graphene.Boolean(description="Whether it is tried.")
    countries = NonNullList(
        graphene.String,
        description=(
            "For customers of which countries it is (ISO 3166-1 alpha-2, such as DE), in place of "
            "those there are; an empty list means everywhere."
        ),
    )

    class Meta:
        description = "What may be said about a mapping. What is not named or null stays."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeySupplierMappingUpdate(CdKeyMutation):
    cd_key_supplier_mapping = graphene.Field(
        CdKeySupplierMapping, description="The mapping as it is now."
    )

    class Arguments:
        id = graphene.ID(required=True, description="ID of the mapping.")
        input = CdKeySupplierMappingInput(required=True, description="What is to change.")

    class Meta:
        description = "Change a mapping. Orders that waited for one are looked at again."
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str, input: dict[str, Any]) -> CdKeySupplierMappingUpdate:
        values = {name: value for name, value in input.items() if value is not None}
        mapping_id = cls.own_id(id, "CdKeySupplierMapping")
        return cls(cd_key_supplier_mapping=mappings.update(mapping_id=mapping_id, values=values))
