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


class CdKeySupplierMappingCreateInput(BaseInputObjectType):
    key_product = graphene.ID(required=True, description="ID of the key product.")
    supplier = graphene.ID(required=True, description="ID of the supplier account.")
    supplier_product_id = graphene.String(
        required=True, description="The supplier's own id of the product."
    )
    is_active = graphene.Boolean(description="Whether it is tried. Default: true.")
    countries = NonNullList(
        graphene.String,
        description=(
            "For customers of which countries it is (ISO 3166-1 alpha-2, such as DE). Default: "
            "none, which means everywhere."
        ),
    )

    class Meta:
        description = "A mapping to create."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeySupplierMappingCreate(CdKeyMutation):
    cd_key_supplier_mapping = graphene.Field(CdKeySupplierMapping, description="The new mapping.")

    class Arguments:
        input = CdKeySupplierMappingCreateInput(required=True, description="The mapping.")

    class Meta:
        description = (
            "Say that a product of a supplier can fill a key product. It is tried after the "
            "mappings there are. Orders that waited for one are looked at again."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, input: dict[str, Any]) -> CdKeySupplierMappingCreate:
        is_active = input.get("is_active")
        mapping = mappings.create(
            key_product_id=cls.own_id(input["key_product"], "CdKeyProduct", field="key_product"),
            supplier_id=cls.own_id(input["supplier"], "CdKeySupplier", field="supplier"),
            supplier_product_id=input["supplier_product_id"],
            is_active=True if is_active is None else is_active,
            countries=input.get("countries") or (),
        )
        return cls(cd_key_supplier_mapping=mapping)
