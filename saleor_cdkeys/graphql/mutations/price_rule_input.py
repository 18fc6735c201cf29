"""How a price is to follow, as it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from saleor_cdkeys.acquisition.shop.rule import Pricing
from saleor_cdkeys.graphql.enums import CdKeyPriceRuleEnum
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, BaseInputObjectType, PositiveDecimal


class CdKeyPriceRuleInput(BaseInputObjectType):
    rule = CdKeyPriceRuleEnum(required=True, description="What the value means.")
    value = PositiveDecimal(
        description="The price or the margin: a percent of the price (0 to 99.99), or an amount."
    )
    currency = graphene.String(
        description="ISO 4217 code of the amounts: of a value that is one, of floor and ceiling."
    )
    ending = PositiveDecimal(
        description="The decimals that a price is rounded up to, such as 0.99. Null: any."
    )
    floor = PositiveDecimal(description="The price never falls below. Null: no limit.")
    ceiling = PositiveDecimal(description="The price never rises above. Null: no limit.")

    class Meta:
        description = "How the price in the shop follows what a key costs."
        doc_category = DOC_CATEGORY_ORDERS


def pricing(given: Mapping[str, Any] | None) -> Pricing | None:
    """The rule that was given, unchecked; None for none."""
    if given is None:
        return None
    return Pricing(**{**given, "currency": given.get("currency") or ""})
