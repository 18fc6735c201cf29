"""Key orders."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyOrderReasonEnum, CdKeyOrderStatusEnum
from saleor_cdkeys.graphql.fields import StaffField
from saleor_cdkeys.graphql.types.money import money
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    Channel,
    CountableConnection,
    DateTime,
    ModelObjectType,
    Money,
    NonNullList,
    Order,
    ProductVariant,
    User,
)
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import Reason, UnitStatus


class CdKeyOrder(ModelObjectType):
    """A key order. What is no StaffField, the customer who placed the order sees, too."""

    id = graphene.GlobalID(required=True, description="The ID of the key order.")
    order_number = graphene.String(required=True, description="The number of Saleor's order.")
    product_name = graphene.String(
        required=True, description="What was sold, in the order's words."
    )
    sku = graphene.String(required=True, description="The SKU of what was sold; may be empty.")
    quantity = graphene.Int(required=True, description="How many keys were sold.")
    quantity_fulfilled = graphene.Int(
        required=True, description="How many of the keys are there, delivered ones included."
    )
    quantity_delivered = graphene.Int(
        required=True, description="How many of the keys were delivered."
    )
    delivered_at = DateTime(description="When the last of the keys was delivered.")
    units = NonNullList(
        "saleor_cdkeys.graphql.types.CdKeyUnit",
        required=True,
        description="The keys that were sold, numbered from 1.",
    )

    order = StaffField(Order, description="Saleor's order; null if it is gone.")
    channel = StaffField(Channel, description="The channel of the order; null if it is gone.")
    channel_slug = StaffField(graphene.String, description="The slug the channel had then.")
    key_product = StaffField(
        "saleor_cdkeys.graphql.types.CdKeyProduct", description="How the keys are obtained."
    )
    variant = StaffField(ProductVariant, description="What was sold; null if it is gone.")
    user = StaffField(User, description="The customer, if they have an account.")
    email = StaffField(graphene.String, description="The customer's e-mail address.")
    language_code = StaffField(graphene.String, description="The customer's language.")
    unit_price = StaffField(Money, description="What the customer paid for one key.")
    status = StaffField(CdKeyOrderStatusEnum, description="Where the key order stands.")
    reason = StaffField(CdKeyOrderReasonEnum, description="Why it stands there, for programs.")
    reason_text = StaffField(graphene.String, description="Why it stands there, for people.")
    detail = StaffField(graphene.String, description="More about the reason; may be empty.")
    attempts = StaffField(graphene.Int, description="How many tries in a row ended in an error.")
    next_run_at = StaffField(DateTime, description="When it is looked at again by itself.")
    paid_at = StaffField(DateTime, description="When the order was seen paid in full.")
    fulfilled_at = StaffField(DateTime, description="When the last of the keys was obtained.")
    created_at = StaffField(DateTime, description="When the order came in.")
    updated_at = StaffField(DateTime, description="When the key order last changed.")
    events = StaffField(
        NonNullList("saleor_cdkeys.graphql.types.CdKeyOrderEvent"),
        description="The timeline, oldest first.",
    )
    purchases = StaffField(
        NonNullList("saleor_cdkeys.graphql.types.CdKeyPurchase"),
        description="The attempts to buy keys for it, oldest first.",
    )
    deliveries = StaffField(
        NonNullList("saleor_cdkeys.graphql.types.CdKeyDelivery"),
        description="The messages with its keys, oldest first.",
    )
    alerts = StaffField(
        NonNullList("saleor_cdkeys.graphql.types.CdKeyAlert"),
        description="What staff must or had to know about it, newest first.",
    )

    class Meta:
        description = "One line of an order that is delivered as keys."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = KeyOrder

    @staticmethod
    def resolve_quantity_fulfilled(root: KeyOrder, info: Any) -> Any:
        counts = loaders.UnitCounts(info.context).load(root.pk)
        return counts.then(
            lambda found: found.get(UnitStatus.FILLED, 0) + found.get(UnitStatus.DELIVERED, 0)
        )

    @staticmethod
    def resolve_quantity_delivered(root: KeyOrder, info: Any) -> Any:
        counts = loaders.UnitCounts(info.context).load(root.pk)
        return counts.then(lambda found: found.get(UnitStatus.DELIVERED, 0))

    @staticmethod
    def resolve_units(root: KeyOrder, info: Any) -> Any:
        return loaders.UnitsByKeyOrder(info.context).load(root.pk)

    @staticmethod
    def resolve_order(root: KeyOrder, info: Any) -> Any:
        return links.order(info.context, root.order_id)

    @staticmethod
    def resolve_channel(root: KeyOrder, info: Any) -> Any:
        return links.channel(info.context, root.channel_id)

    @staticmethod
    def resolve_key_product(root: KeyOrder, info: Any) -> Any:
        return loaders.KeyProductById(info.context).load(root.key_product_id)

    @staticmethod
    def resolve_variant(root: KeyOrder, info: Any) -> Any:
        return links.variant(info.context, root.variant_id, channel_slug=root.channel_slug)

    @staticmethod
    def resolve_user(root: KeyOrder, info: Any) -> Any:
        return None if root.user_id is None else links.user(info.context, root.user_id)

    @staticmethod
    def resolve_unit_price(root: KeyOrder, _info: Any) -> Any:
        return money(root.unit_price_amount, root.currency)

    @staticmethod
    def resolve_reason(root: KeyOrder, _info: Any) -> str | None:
        return root.reason or None

    @staticmethod
    def resolve_reason_text(root: KeyOrder, _info: Any) -> str:
        return str(Reason(root.reason).label)

    @staticmethod
    def resolve_events(root: KeyOrder, info: Any) -> Any:
        return loaders.EventsByKeyOrder(info.context).load(root.pk)

    @staticmethod
    def resolve_purchases(root: KeyOrder, info: Any) -> Any:
        return loaders.PurchasesByKeyOrder(info.context).load(root.pk)

    @staticmethod
    def resolve_deliveries(root: KeyOrder, info: Any) -> Any:
        return loaders.DeliveriesByKeyOrder(info.context).load(root.pk)

    @staticmethod
    def resolve_alerts(root: KeyOrder, info: Any) -> Any:
        return loaders.AlertsByKeyOrder(info.context).load(root.pk)


class CdKeyOrderCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeyOrder
