"""Looking up and listing key products."""

from __future__ import annotations

from typing import Any

import graphene
from graphql.error import GraphQLError

from saleor_cdkeys.graphql.fields import PRODUCTS
from saleor_cdkeys.graphql.ids import host_id, own_id
from saleor_cdkeys.graphql.listing import key_products
from saleor_cdkeys.graphql.listing.key_products import CdKeyProductFilterInput
from saleor_cdkeys.graphql.types import CdKeyProduct, CdKeyProductCountableConnection
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    ConnectionField,
    PermissionsField,
    get_database_connection_name,
)
from saleor_cdkeys.models import KeyProduct


class KeyProductQueries:
    cd_key_product = PermissionsField(
        CdKeyProduct,
        id=graphene.Argument(graphene.ID, description="The ID of the key product."),
        variant=graphene.Argument(graphene.ID, description="Or the ID of the variant that it is."),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="A key product, by its ID or that of its variant.",
    )
    cd_key_products = ConnectionField(
        CdKeyProductCountableConnection,
        filter=CdKeyProductFilterInput(description="Which ones."),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="Key products, newest first.",
    )

    @staticmethod
    def resolve_cd_key_product(
        _root: Any, info: Any, *, id: str | None = None, variant: str | None = None
    ) -> KeyProduct | None:
        if (id is None) == (variant is None):
            raise GraphQLError("Give either `id` or `variant`.")
        rows = KeyProduct.objects.using(get_database_connection_name(info.context))
        if variant is not None:
            return rows.filter(variant_id=host_id(variant, "ProductVariant")).first()
        return rows.filter(pk=own_id(str(id), "CdKeyProduct")).first()

    @staticmethod
    def resolve_cd_key_products(
        _root: Any, info: Any, *, filter: Any = None, **arguments: Any
    ) -> Any:
        return key_products.page(info, filter or {}, arguments)
