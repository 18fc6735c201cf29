"""Key products and what is in stock of them."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.shop.rule import Pricing
from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import (
    CdKeyDeliveryModeEnum,
    CdKeySourceEnum,
    CdKeySupplierChoiceEnum,
)
from saleor_cdkeys.graphql.fields import PRODUCTS, STOCK
from saleor_cdkeys.graphql.types.money import money
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    CountableConnection,
    DateTime,
    ModelObjectType,
    Money,
    NonNullList,
    PermissionsField,
    PositiveDecimal,
    ProductVariant,
)
from saleor_cdkeys.models import KeyProduct
from saleor_cdkeys.statuses import PriceRule


class CdKeyStock(graphene.ObjectType):
    """Made from a :class:`StockLevel`."""

    available = graphene.Int(
        required=True, description="Keys that may be sold; counted up to 100,000."
    )
    assigned = graphene.Int(
        required=True, description="Keys set aside for customers who do not have them yet."
    )
    waiting = graphene.Int(required=True, description="Keys that were sold and are not there yet.")

    class Meta:
        description = "How many keys there are of a product, and how many are wanted."


class CdKeyProduct(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the key product.")
    variant = graphene.Field(ProductVariant, description="What is sold; null if it is gone.")
    name = graphene.String(required=True, description="The name of what is sold.")
    sku = graphene.String(required=True, description="The SKU of what is sold; may be empty.")
    is_active = graphene.Boolean(required=True, description="Whether its keys are handed out.")
    source = CdKeySourceEnum(required=True, description="Where its keys come from.")
    supplier_choice = CdKeySupplierChoiceEnum(
        required=True, description="Which of its suppliers is asked first."
    )
    delivery_mode = CdKeyDeliveryModeEnum(
        required=True, description="Whether the keys of a line wait for each other."
    )
    follows_stock = graphene.Boolean(
        required=True,
        description="Whether Saleor's stock of the variant is kept at what can be had.",
    )
    price_rule = PermissionsField(
        "saleor_cdkeys.graphql.types.CdKeyPriceRule",
        permissions=PRODUCTS,
        description="How its price in the shop follows; null where staff set it.",
    )
    allow_preorder = graphene.Boolean(
        required=True,
        description="Whether suppliers' pre-orders are bought, whose keys come on the release.",
    )
    release_at = DateTime(
        description="Before when nothing is bought or sent, by nobody; null for no such moment."
    )
    instructions = graphene.String(
        required=True, description="What customers are told to do with a key; may be empty."
    )
    created_at = DateTime(required=True, description="When it was made.")
    updated_at = DateTime(required=True, description="When it was last changed.")
    max_unit_cost = PermissionsField(
        Money, permissions=PRODUCTS, description="No key is bought for more."
    )
    min_margin_percent = PermissionsField(
        PositiveDecimal,
        permissions=PRODUCTS,
        description="No key is bought that leaves less of what the customer paid, in percent.",
    )
    min_margin_amount = PermissionsField(
        PositiveDecimal,
        permissions=PRODUCTS,
        description="No key is bought that leaves less, in the currency of the order.",
    )
    mappings = PermissionsField(
        NonNullList("saleor_cdkeys.graphql.types.CdKeySupplierMapping"),
        permissions=PRODUCTS,
        description="What suppliers sell it, in order of preference.",
    )
    stock = PermissionsField(
        CdKeyStock, permissions=STOCK, description="How many keys there are, and are wanted."
    )

    class Meta:
        description = "A product variant that is sold as keys."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = KeyProduct

    @staticmethod
    def resolve_variant(root: KeyProduct, info: Any) -> Any:
        return links.variant(info.context, root.variant_id)

    @staticmethod
    def resolve_max_unit_cost(root: KeyProduct, _info: Any) -> Any:
        return money(root.max_unit_cost_amount, root.max_unit_cost_currency)

    @staticmethod
    def resolve_price_rule(root: KeyProduct, _info: Any) -> Pricing | None:
        pricing = Pricing.of(root)
        return None if pricing.rule == PriceRule.NONE else pricing

    @staticmethod
    def resolve_mappings(root: KeyProduct, info: Any) -> Any:
        return loaders.MappingsByKeyProduct(info.context).load(root.pk)

    @staticmethod
    def resolve_stock(root: KeyProduct, info: Any) -> Any:
        return loaders.StockByKeyProduct(info.context).load(root.pk)


class CdKeyProductCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeyProduct
