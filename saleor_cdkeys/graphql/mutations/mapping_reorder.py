from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import mappings as mappings_service
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeyProduct
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, NonNullList, ProductPermissions


class CdKeySupplierMappingReorder(CdKeyMutation):
    cd_key_product = graphene.Field(
        CdKeyProduct, description="The key product with its mappings in the new order."
    )

    class Arguments:
        key_product = graphene.ID(required=True, description="ID of the key product.")
        mappings = NonNullList(
            graphene.ID,
            required=True,
            description="IDs of all its mappings, in the order in which they are to be tried.",
        )

    class Meta:
        description = "Try the mappings of a key product in another order from now on."
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(
        cls, info: Any, *, key_product: str, mappings: list[str]
    ) -> CdKeySupplierMappingReorder:
        product = mappings_service.reorder(
            key_product_id=cls.own_id(key_product, "CdKeyProduct", field="key_product"),
            mapping_ids=[
                cls.own_id(id, "CdKeySupplierMapping", field="mappings") for id in mappings
            ],
        )
        return cls(cd_key_product=product)
