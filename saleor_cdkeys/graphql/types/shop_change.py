"""What the plugin changed in the shop by itself."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyShopChangeKindEnum
from saleor_cdkeys.graphql.types.money import money
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    Channel,
    CountableConnection,
    Date,
    DateTime,
    ModelObjectType,
    Money,
    PositiveDecimal,
)
from saleor_cdkeys.models import ShopChange


class CdKeyShopChange(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the change.")
    key_product = graphene.Field(
        "saleor_cdkeys.graphql.types.CdKeyProduct",
        required=True,
        description="The key product whose price or stock changed.",
    )
    kind = CdKeyShopChangeKindEnum(required=True, description="What was changed.")
    channel = graphene.Field(
        Channel, description="The channel of a price; null for stock, or if it is gone."
    )
    place = graphene.String(required=True, description="The slug of the channel or warehouse.")
    old_value = PositiveDecimal(
        required=True, description="The price before, or how many customers could buy before."
    )
    new_value = PositiveDecimal(
        required=True, description="The price since then, or how many they could buy."
    )
    currency = graphene.String(description="That of the price; null for stock.")
    reason = graphene.String(required=True, description="Why.")
    cost = graphene.Field(
        Money, description="What a key cost then, in the currency it is paid in; null if not asked."
    )
    exchange_rate = PositiveDecimal(
        description="How much of the channel's currency one unit of that was worth; null where the "
        "two are one."
    )
    exchange_rate_date = Date(description="The day of that rate.")
    created_at = DateTime(required=True, description="When it was changed.")

    class Meta:
        description = "A price or stock that the plugin changed in the shop."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = ShopChange

    @staticmethod
    def resolve_key_product(root: ShopChange, info: Any) -> Any:
        return loaders.KeyProductById(info.context).load(root.key_product_id)

    @staticmethod
    def resolve_channel(root: ShopChange, info: Any) -> Any:
        return None if root.channel_id is None else links.channel(info.context, root.channel_id)

    @staticmethod
    def resolve_currency(root: ShopChange, _info: Any) -> str | None:
        return root.currency or None

    @staticmethod
    def resolve_cost(root: ShopChange, _info: Any) -> Any:
        return money(root.cost_amount, root.cost_currency)


class CdKeyShopChangeCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeyShopChange
