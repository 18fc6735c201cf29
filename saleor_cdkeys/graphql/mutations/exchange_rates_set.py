from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import rates
from saleor_cdkeys.exchange.newest import newest_rates
from saleor_cdkeys.exchange.typed import typed_rates
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeyExchangeRate
from saleor_cdkeys.host.access import name_of
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    Date,
    NonNullList,
    PluginsPermissions,
    PositiveDecimal,
    get_database_connection_name,
)


class CdKeyExchangeRateInput(BaseInputObjectType):
    currency = graphene.String(required=True, description="ISO 4217 code, such as USD.")
    rate = PositiveDecimal(
        required=True, description="How much of it one unit of the base is worth."
    )

    class Meta:
        description = "What the base is worth in a currency."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyExchangeRatesSetInput(BaseInputObjectType):
    base = graphene.String(required=True, description="ISO 4217 code, such as EUR.")
    date = Date(required=True, description="The day of the rates.")
    rates = NonNullList(
        CdKeyExchangeRateInput, required=True, description="The rates, each currency once."
    )

    class Meta:
        description = "Exchange rates of a day."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyExchangeRatesSet(CdKeyMutation):
    cd_key_exchange_rates = NonNullList(
        CdKeyExchangeRate, description="The newest rate of each pair as they are now."
    )

    class Arguments:
        input = CdKeyExchangeRatesSetInput(required=True, description="The rates.")

    class Meta:
        description = (
            "Set exchange rates by hand, all or none; one of the same day is replaced. Orders that "
            "waited for a rate are looked at again."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, input: dict[str, Any]) -> CdKeyExchangeRatesSet:
        given = typed_rates(
            [(item["currency"], item["rate"]) for item in input["rates"]],
            base=input["base"],
            date=input["date"],
        )
        rates.take_in(given, source=name_of(info.context))
        newest = newest_rates(using=get_database_connection_name(info.context))
        return cls(cd_key_exchange_rates=newest)
