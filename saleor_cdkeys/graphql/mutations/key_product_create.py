from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import products
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.mutations.key_product_input import CdKeyProductCreateInput, values_of
from saleor_cdkeys.graphql.types import CdKeyProduct
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ProductPermissions


class CdKeyProductCreate(CdKeyMutation):
    cd_key_product = graphene.Field(CdKeyProduct, description="The new key product.")

    class Arguments:
        input = CdKeyProductCreateInput(required=True, description="The key product.")

    class Meta:
        description = "Sell a product variant as keys from now on."
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, input: dict[str, Any]) -> CdKeyProductCreate:
        variant_id = cls.host_id(input["variant"], "ProductVariant", field="variant")
        product = products.create(variant_id=variant_id, values=values_of(input))
        return cls(cd_key_product=product)
