"""Which supplier product can fill a key product."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    CountableConnection,
    DateTime,
    ModelObjectType,
)
from saleor_cdkeys.models import SupplierMapping


class CdKeySupplierMapping(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the mapping.")
    key_product = graphene.Field(
        "saleor_cdkeys.graphql.types.CdKeyProduct",
        required=True,
        description="What is filled.",
    )
    supplier = graphene.Field(
        "saleor_cdkeys.graphql.types.CdKeySupplier", required=True, description="Who sells it."
    )
    supplier_product_id = graphene.String(
        required=True, description="The supplier's own id of what is bought."
    )
    position = graphene.Int(
        required=True, description="Lower ones of the same key product are tried first."
    )
    is_active = graphene.Boolean(required=True, description="Whether it is tried.")
    created_at = DateTime(required=True, description="When it was made.")

    class Meta:
        description = "A supplier's product that can fill a key product."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = SupplierMapping

    @staticmethod
    def resolve_key_product(root: SupplierMapping, info: Any) -> Any:
        return loaders.KeyProductById(info.context).load(root.key_product_id)

    @staticmethod
    def resolve_supplier(root: SupplierMapping, info: Any) -> Any:
        return loaders.SupplierById(info.context).load(root.supplier_id)


class CdKeySupplierMappingCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeySupplierMapping
