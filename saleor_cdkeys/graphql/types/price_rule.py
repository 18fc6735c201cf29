"""How the price of a key product follows."""

from __future__ import annotations

import graphene

from saleor_cdkeys.graphql.enums import CdKeyPriceRuleEnum
from saleor_cdkeys.host.graphql import PositiveDecimal


class CdKeyPriceRule(graphene.ObjectType):
    """Made from a :class:`Pricing`."""

    rule = CdKeyPriceRuleEnum(required=True, description="What the value means.")
    value = PositiveDecimal(
        required=True, description="The price or the margin: a percent of the price, or an amount."
    )
    currency = graphene.String(
        required=True,
        description="That of the amounts; empty where there is none. Prices in other currencies "
        "follow by the exchange rates.",
    )
    ending = PositiveDecimal(
        description="The decimals that a price is rounded up to, such as 0.99. Null: any."
    )
    floor = PositiveDecimal(description="The lowest price. Null: none.")
    ceiling = PositiveDecimal(description="The highest price. Null: none.")

    class Meta:
        description = "How the price in the shop follows what a key costs."
