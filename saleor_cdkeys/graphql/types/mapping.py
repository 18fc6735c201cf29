"""Which supplier product can fill a key product."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.countries import read_countries
from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyMappingFlagEnum
from saleor_cdkeys.graphql.types.money import money
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    CountableConnection,
    Date,
    DateTime,
    ModelObjectType,
    Money,
    NonNullList,
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
    countries = NonNullList(
        graphene.String,
        required=True,
        description=(
            "For customers of which countries it is, as staff said (ISO 3166-1 alpha-2); empty "
            "means everywhere."
        ),
    )
    price = graphene.Field(
        Money, description="What one key cost when the supplier told last; null if it never did."
    )
    available = graphene.Int(
        description="How many keys it had then; null where it does not say, or never told."
    )
    is_preorder = graphene.Boolean(
        required=True, description="Whether keys come on the day of the release."
    )
    release_date = Date(description="The day of the release, where it is known.")
    region = graphene.String(
        required=True, description="Where the product works, in the supplier's words."
    )
    blocked_countries = NonNullList(
        graphene.String,
        required=True,
        description="Where it cannot be activated (ISO 3166-1 alpha-2).",
    )
    seen_at = DateTime(description="When the supplier told of it last; null if it never did.")
    flag = CdKeyMappingFlagEnum(
        description="What is odd about the product; null where that is nothing."
    )
    flagged_at = DateTime(description="Since when.")
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
    def resolve_price(root: SupplierMapping, _info: Any) -> Any:
        return money(root.price_amount, root.price_currency)

    @staticmethod
    def resolve_blocked_countries(root: SupplierMapping, _info: Any) -> tuple[str, ...]:
        return read_countries(root.blocked_countries)

    @staticmethod
    def resolve_countries(root: SupplierMapping, _info: Any) -> tuple[str, ...]:
        return read_countries(root.countries)

    @staticmethod
    def resolve_flag(root: SupplierMapping, _info: Any) -> str | None:
        return root.flag or None

    @staticmethod
    def resolve_supplier(root: SupplierMapping, info: Any) -> Any:
        return loaders.SupplierById(info.context).load(root.supplier_id)


class CdKeySupplierMappingCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeySupplierMapping
