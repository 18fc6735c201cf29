"""Listing exchange rates."""

from __future__ import annotations

from typing import Any

from saleor_cdkeys.exchange.newest import newest_rates
from saleor_cdkeys.graphql.fields import SUPPLIERS
from saleor_cdkeys.graphql.types import CdKeyExchangeRate
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    NonNullList,
    PermissionsField,
    get_database_connection_name,
)
from saleor_cdkeys.models import ExchangeRate


class ExchangeRateQueries:
    cd_key_exchange_rates = PermissionsField(
        NonNullList(CdKeyExchangeRate),
        permissions=SUPPLIERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="The newest exchange rate of each pair, by base and currency.",
    )

    @staticmethod
    def resolve_cd_key_exchange_rates(_root: Any, info: Any) -> list[ExchangeRate]:
        return newest_rates(using=get_database_connection_name(info.context))
