"""What would change in the shop for a key product at this moment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import graphene

from saleor_cdkeys.acquisition.shop.pricing import PricePlan
from saleor_cdkeys.acquisition.shop.quantities import Quantity, StockPlan
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import Channel, Money, NonNullList, PositiveDecimal
from saleor_cdkeys.values import Money as MoneyValue


class CdKeyShopPricePreview(graphene.ObjectType):
    """Made from a :class:`PricePlan`."""

    channel = graphene.Field(Channel, description="Where it is sold for that.")
    price = graphene.Field(Money, required=True, description="What it costs there now.")
    new_price = graphene.Field(
        Money, description="What it ought to cost; null where that cannot be told, so it stays."
    )
    is_change = graphene.Boolean(required=True, description="Whether the price would change.")
    reason = graphene.String(required=True, description="Where the price comes from, or why none.")
    cost = graphene.Field(Money, description="What a key costs, in the currency it is paid in.")
    exchange_rate = PositiveDecimal(
        description="How much of the channel's currency one unit of that is worth; null where the "
        "two are one."
    )

    class Meta:
        description = "What a key product ought to cost in a channel."

    @staticmethod
    def resolve_channel(root: PricePlan, info: Any) -> Any:
        return links.channel(info.context, root.listing.channel_id)

    @staticmethod
    def resolve_price(root: PricePlan, _info: Any) -> MoneyValue:
        return root.listing.price

    @staticmethod
    def resolve_new_price(root: PricePlan, _info: Any) -> MoneyValue | None:
        return root.new

    @staticmethod
    def resolve_cost(root: PricePlan, _info: Any) -> MoneyValue | None:
        return root.cost.money if root.cost is not None else None

    @staticmethod
    def resolve_exchange_rate(root: PricePlan, _info: Any) -> Decimal | None:
        if root.cost is None or root.cost.rate.date is None:
            return None
        return root.cost.rate.value


class CdKeyShopWarehousePreview(graphene.ObjectType):
    """Made from a :class:`Quantity`."""

    warehouse = graphene.String(required=True, description="The slug of the warehouse.")
    quantity = graphene.Int(
        required=True, description="What Saleor says is there now, with what orders are promised."
    )
    new_quantity = graphene.Int(required=True, description="What it ought to say.")
    promised = graphene.Int(required=True, description="How many of them open orders will take.")

    class Meta:
        description = "What a warehouse ought to have of a key product."

    @staticmethod
    def resolve_quantity(root: Quantity, _info: Any) -> int:
        return root.row.quantity if root.row is not None else 0

    @staticmethod
    def resolve_new_quantity(root: Quantity, _info: Any) -> int:
        return root.new

    @staticmethod
    def resolve_promised(root: Quantity, _info: Any) -> int:
        return root.row.allocated if root.row is not None else 0


class CdKeyShopStockPreview(graphene.ObjectType):
    """Made from a :class:`StockPlan`."""

    for_sale = graphene.Int(required=True, description="How many customers could buy then.")
    is_change = graphene.Boolean(required=True, description="Whether the stock would change.")
    reason = graphene.String(required=True, description="Where that number comes from.")
    warehouses = NonNullList(
        CdKeyShopWarehousePreview, required=True, description="The same by warehouse."
    )

    class Meta:
        description = "How many keys of a product ought to be for sale."

    @staticmethod
    def resolve_warehouses(root: StockPlan, _info: Any) -> tuple[Quantity, ...]:
        return root.quantities


class CdKeyShopPreview(graphene.ObjectType):
    """Made from a :class:`ShopPlan`."""

    is_change = graphene.Boolean(required=True, description="Whether anything would change.")
    prices = NonNullList(
        CdKeyShopPricePreview,
        required=True,
        description="The price in each channel; none where no price rule is set.",
    )
    stock = graphene.Field(
        CdKeyShopStockPreview,
        description="The stock; null where it does not follow, or no warehouse can have it.",
    )

    class Meta:
        description = "What would change in the shop for a key product at this moment."
