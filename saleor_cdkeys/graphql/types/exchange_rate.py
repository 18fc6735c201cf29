"""Exchange rates, as far as they are the newest."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.exchange.converting import oldest_usable
from saleor_cdkeys.host.graphql import Date, DateTime, PositiveDecimal
from saleor_cdkeys.models import ExchangeRate


class CdKeyExchangeRate(graphene.ObjectType):
    """Made from an :class:`ExchangeRate`."""

    base = graphene.String(required=True, description="The currency of which one unit is meant.")
    currency = graphene.String(required=True, description="The currency that it is worth.")
    rate = PositiveDecimal(required=True, description="How much of that it is worth.")
    date = Date(required=True, description="The day of the rate.")
    source = graphene.String(
        required=True,
        description="Where it comes from: a file's name, an address, or who typed it.",
    )
    created_at = DateTime(required=True, description="When it came in.")
    is_too_old = graphene.Boolean(
        required=True, description="Whether nothing is bought by it any more."
    )

    class Meta:
        description = "The newest exchange rate of a pair of currencies."

    @staticmethod
    def resolve_is_too_old(root: ExchangeRate, _info: Any) -> bool:
        return root.date < oldest_usable()
