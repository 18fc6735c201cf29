from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition import rates
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.newest import newest_rates
from saleor_cdkeys.exchange.reading import MAX_BYTES
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeyExchangeRate
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    Date,
    NonNullList,
    PluginsPermissions,
    Upload,
    get_database_connection_name,
)
from saleor_cdkeys.host.uploads import uploaded_file


class CdKeyExchangeRatesImportInput(BaseInputObjectType):
    file = Upload(
        required=True,
        description=(
            "The ECB's daily file as it is, or CSV with the columns currency and rate, and perhaps "
            "base and date."
        ),
    )
    base = graphene.String(
        default_value="EUR", description="The base of rates whose row in a CSV file names none."
    )
    date = Date(description="The day of rates whose row in a CSV file names none. Default: today.")

    class Meta:
        description = "A file with exchange rates, and how to read it."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyExchangeRatesImport(CdKeyMutation):
    count = graphene.Int(description="How many rates were in the file.")
    cd_key_exchange_rates = NonNullList(
        CdKeyExchangeRate, description="The newest rate of each pair as they are now."
    )

    class Arguments:
        input = CdKeyExchangeRatesImportInput(required=True, description="The file.")

    class Meta:
        description = (
            "Take in a file with exchange rates, all or none; those of the same day are replaced. "
            "Orders that waited for a rate are looked at again."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, input: dict[str, Any]) -> CdKeyExchangeRatesImport:
        upload = uploaded_file(info.context, input["file"])
        if upload is None:
            raise InvalidInput(_("The request lacks the file."), field="file", code="required")
        if upload.size > MAX_BYTES:
            raise InvalidInput(
                _("The file is too large for exchange rates."), field="file", code="too_large"
            )
        count = rates.take_in_file(
            upload.read(),
            name=upload.name or "",
            base=input.get("base") or "EUR",
            date=input.get("date"),
        )
        newest = newest_rates(using=get_database_connection_name(info.context))
        return cls(count=count, cd_key_exchange_rates=newest)
