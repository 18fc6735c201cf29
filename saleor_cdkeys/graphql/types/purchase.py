"""Attempts to buy keys."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyOrderReasonEnum, CdKeyPurchaseStatusEnum
from saleor_cdkeys.graphql.types.money import money
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    Date,
    DateTime,
    ModelObjectType,
    Money,
    PositiveDecimal,
)
from saleor_cdkeys.models import Purchase


class CdKeyPurchase(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the purchase.")
    reference = graphene.String(
        required=True, description="Our reference, which travels with the order to the supplier."
    )
    supplier = graphene.Field(
        "saleor_cdkeys.graphql.types.CdKeySupplier", required=True, description="Who was asked."
    )
    supplier_product_id = graphene.String(
        required=True, description="The supplier's own id of what was asked for."
    )
    quantity = graphene.Int(required=True, description="How many keys were asked for.")
    unit_price = graphene.Field(
        Money, required=True, description="The price of one key that the supplier quoted."
    )
    max_unit_price = graphene.Field(
        Money, required=True, description="The most that could be paid for one key."
    )
    exchange_rate = PositiveDecimal(
        description=(
            "How much of the order's currency one unit of the price's currency was worth when it "
            "was decided; null where they are one, or no rate was needed."
        )
    )
    exchange_rate_date = Date(description="The day of that rate.")
    charged = graphene.Field(Money, description="What the supplier says it took in all.")
    is_preorder = graphene.Boolean(
        required=True, description="Whether its keys come on the day of the release."
    )
    release_date = Date(description="That day, as the supplier said last; null if not known.")
    status = CdKeyPurchaseStatusEnum(required=True, description="What is known of it.")
    supplier_order_id = graphene.String(
        required=True, description="The supplier's own id of the order; empty if unknown."
    )
    answer = graphene.String(
        required=True, description="What became of it, for people; may be empty."
    )
    review = CdKeyOrderReasonEnum(
        description="Why staff must look before more is bought for the key order."
    )
    created_at = DateTime(required=True, description="When it was written down.")
    sent_at = DateTime(description="When the request was about to leave.")
    finished_at = DateTime(description="When its outcome was clear.")

    class Meta:
        description = "An attempt to buy keys from a supplier."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = Purchase

    @staticmethod
    def resolve_reference(root: Purchase, _info: Any) -> str:
        return str(root.reference)

    @staticmethod
    def resolve_supplier(root: Purchase, info: Any) -> Any:
        return loaders.SupplierById(info.context).load(root.supplier_id)

    @staticmethod
    def resolve_unit_price(root: Purchase, _info: Any) -> Any:
        return money(root.unit_price_amount, root.currency)

    @staticmethod
    def resolve_max_unit_price(root: Purchase, _info: Any) -> Any:
        return money(root.max_unit_price_amount, root.currency)

    @staticmethod
    def resolve_charged(root: Purchase, _info: Any) -> Any:
        return money(root.charged_amount, root.currency)

    @staticmethod
    def resolve_review(root: Purchase, _info: Any) -> str | None:
        return root.review or None
