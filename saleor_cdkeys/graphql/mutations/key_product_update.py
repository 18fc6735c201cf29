from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import products
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.mutations.key_product_input import CdKeyProductInput, values_of
from saleor_cdkeys.graphql.types import CdKeyProduct
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ProductPermissions


class CdKeyProductUpdate(CdKeyMutation):
    cd_key_product = graphene.Field(CdKeyProduct, description="The key product as it is now.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key product.")
        input = CdKeyProductInput(required=True, description="What is to change.")

    class Meta:
        description = (
            "Change a key product and read the variant's name and SKU anew. Orders that waited "
            "because of the old settings are looked at again."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str, input: dict[str, Any]) -> CdKeyProductUpdate:
        key_product_id = cls.own_id(id, "CdKeyProduct")
        product = products.update(key_product_id=key_product_id, values=values_of(input))
        return cls(cd_key_product=product)
