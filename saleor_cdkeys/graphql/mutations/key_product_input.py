"""What may be said about a key product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import (
    CdKeyDeliveryModeEnum,
    CdKeySourceEnum,
    CdKeySupplierChoiceEnum,
)
from saleor_cdkeys.graphql.mutations.inputs import CdKeyMoneyInput, money
from saleor_cdkeys.graphql.mutations.price_rule_input import CdKeyPriceRuleInput, pricing
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    DateTime,
    PositiveDecimal,
)


class CdKeyProductInput(BaseInputObjectType):
    is_active = graphene.Boolean(description="Whether its keys are obtained. Default: true.")
    source = CdKeySourceEnum(
        description="Where its keys come from. Default: own stock, then suppliers."
    )
    supplier_choice = CdKeySupplierChoiceEnum(
        description="Which of its suppliers is asked first. Default: by the order of the mappings."
    )
    delivery_mode = CdKeyDeliveryModeEnum(
        description="Whether the keys of a line leave together or one by one. Default: together."
    )
    max_unit_cost = CdKeyMoneyInput(
        description="The most that may be paid for a key. Null: no limit of its own."
    )
    min_margin_percent = PositiveDecimal(
        description="The least margin, in percent of what the customer paid. 0 to 99.99."
    )
    min_margin_amount = PositiveDecimal(
        description="The least margin, in the currency of the order."
    )
    follows_stock = graphene.Boolean(
        description=(
            "Whether Saleor's stock of the variant is kept at what can be had. Default: false."
        )
    )
    price_rule = CdKeyPriceRuleInput(
        description="How its price in the shop follows. Null: staff set it."
    )
    allow_preorder = graphene.Boolean(
        description=(
            "Whether suppliers' pre-orders are bought, whose keys come on the release. "
            "Default: false."
        )
    )
    release_at = DateTime(
        description="Before when nothing is bought or sent, by nobody. Null: no such moment."
    )
    instructions = graphene.String(
        description="What the customer is told about redeeming, in the mail and on the page."
    )

    class Meta:
        description = "What may be said about a key product. What is not named stays as it is."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyProductCreateInput(CdKeyProductInput):
    variant = graphene.ID(required=True, description="ID of the product variant to sell as keys.")

    class Meta:
        description = "A key product to create."
        doc_category = DOC_CATEGORY_ORDERS


def values_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values that acquisition.products takes."""
    values = {name: value for name, value in given.items() if name != "variant"}
    if "max_unit_cost" in values:
        values["max_unit_cost"] = money(values["max_unit_cost"])
    if "price_rule" in values:
        values["price_rule"] = pricing(values["price_rule"])
    return values
