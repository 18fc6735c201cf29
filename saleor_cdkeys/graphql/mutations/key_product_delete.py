from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import products
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeyProduct
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ProductPermissions


class CdKeyProductDelete(CdKeyMutation):
    cd_key_product = graphene.Field(CdKeyProduct, description="The key product that was deleted.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key product.")

    class Meta:
        description = (
            "Delete a key product that was never used, with its mappings. One that has keys or "
            "orders can only be switched off."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeyProductDelete:
        product = products.delete(key_product_id=cls.own_id(id, "CdKeyProduct"))
        return cls(cd_key_product=product)
