"""What would be bought for a key order at this moment."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.dry_run import Ask, DryRun
from saleor_cdkeys.acquisition.purchasing.offers import Offer
from saleor_cdkeys.graphql.enums import CdKeyOrderReasonEnum
from saleor_cdkeys.host.graphql import Decimal, Money, NonNullList


def _of_offer(field: str) -> Any:
    """The resolver of a field that offers have; null where the supplier made none."""
    return lambda root, _info: getattr(_offer(root), field, None)


def _of_quote(field: str) -> Any:
    return lambda root, _info: getattr(getattr(_offer(root), "quote", None), field, None)


def _offer(ask: Ask) -> Offer | None:
    return ask.answer if isinstance(ask.answer, Offer) else None


class CdKeyPurchasePreviewLine(graphene.ObjectType):
    """Made from an :class:`Ask`."""

    mapping = graphene.Field(
        "saleor_cdkeys.graphql.types.CdKeySupplierMapping",
        required=True,
        description="Which product of which supplier.",
    )
    quantity = graphene.Int(
        required=True, description="How many keys would be bought there; 0 where none."
    )
    unit_price = graphene.Field(Money, description="What it asks for one key, in its currency.")
    cost = graphene.Field(
        Money,
        description=(
            "The same in the order's currency, by today's exchange rate; null where there is none."
        ),
    )
    margin = graphene.Field(
        Money, description="What the customer paid for one key, less that cost. May be negative."
    )
    margin_percent = Decimal(description="That margin, in percent of what the customer paid.")
    highest_price = graphene.Field(
        Money, description="The most that may be paid for one key there, in its currency."
    )
    available = graphene.Int(description="How many keys it has; null where it does not say.")
    is_preorder = graphene.Boolean(description="Whether its keys come on the day of the release.")
    reason = CdKeyOrderReasonEnum(description="Why it does not sell; null where it would.")
    message = graphene.String(required=True, description="The same for people; empty otherwise.")

    class Meta:
        description = "What a supplier offers for a key order, or why it does not."

    resolve_unit_price = staticmethod(_of_quote("unit_price"))
    resolve_cost = staticmethod(_of_offer("cost"))
    resolve_margin = staticmethod(_of_offer("margin"))
    resolve_margin_percent = staticmethod(_of_offer("margin_percent"))
    resolve_highest_price = staticmethod(_of_offer("highest"))
    resolve_available = staticmethod(_of_quote("available"))
    resolve_is_preorder = staticmethod(_of_quote("is_preorder"))

    @staticmethod
    def resolve_reason(root: Ask, _info: Any) -> str | None:
        return None if isinstance(root.answer, Offer) else root.answer.reason

    @staticmethod
    def resolve_message(root: Ask, _info: Any) -> str:
        return "" if isinstance(root.answer, Offer) else root.answer.message


class CdKeyPurchasePreview(graphene.ObjectType):
    """Made from a :class:`DryRun`."""

    wanted = graphene.Int(required=True, description="How many keys are not there yet.")
    from_stock = graphene.Int(required=True, description="How many of them stock would fill.")
    missing = graphene.Int(required=True, description="How many nobody would fill.")
    cost = graphene.Field(
        Money,
        description=(
            "What would be paid in all, in the order's currency; null where nothing would be "
            "bought, or an exchange rate is missing."
        ),
    )
    lines = NonNullList(
        CdKeyPurchasePreviewLine,
        required=True,
        description=(
            "What each supplier says, in the order in which they would sell; those that would not "
            "come last."
        ),
    )

    class Meta:
        description = "What would be bought for a key order at this moment; nothing is reserved."

    @staticmethod
    def resolve_lines(root: DryRun, _info: Any) -> tuple[Ask, ...]:
        return root.asks
