"""What may be said about a supplier account. Secrets go in; none comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from saleor_cdkeys.graphql.mutations.inputs import CdKeyNamedValueInput, by_name
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    PositiveDecimal,
)


class CdKeySupplierInput(BaseInputObjectType):
    name = graphene.String(description="What staff call the account; no two are called the same.")
    is_active = graphene.Boolean(description="Whether keys are bought there. Default: true.")
    low_balance_amount = PositiveDecimal(
        description=(
            "Staff are alerted when less is left, in the currency of the account. Null: never."
        )
    )
    config = NonNullList(
        CdKeyNamedValueInput,
        description=(
            "Settings that are no secret. The query cdKeySupplierAdapters tells their names. "
            "One that is not named or null keeps its value; an empty text removes it."
        ),
    )
    secrets = NonNullList(
        CdKeyNamedValueInput,
        description=(
            "Credentials, which are stored sealed and never shown. One that is not named or null "
            "keeps its value; an empty text removes it. Send them as variables: the text of a "
            "query may be logged."
        ),
    )

    class Meta:
        description = "What may be said about a supplier account. What is not named stays."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeySupplierCreateInput(CdKeySupplierInput):
    name = graphene.String(
        required=True, description="What staff call the account; no two are called the same."
    )
    adapter = graphene.String(
        required=True, description="The name of the adapter, as in cdKeySupplierAdapters."
    )

    class Meta:
        description = "A supplier account to create."
        doc_category = DOC_CATEGORY_ORDERS


def values_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values that acquisition.suppliers takes."""
    plain = ("name", "is_active", "low_balance_amount")
    values = {name: given[name] for name in plain if name in given}
    for field in ("config", "secrets"):
        if given.get(field):
            values[field] = by_name(given[field], field=field)
    return values
