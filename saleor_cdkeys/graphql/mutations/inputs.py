"""Input types that several mutations share, and the values they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.amounts import problem_of_amount, problem_of_currency
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, BaseInputObjectType, PositiveDecimal
from saleor_cdkeys.values import Money


class CdKeyMoneyInput(BaseInputObjectType):
    amount = PositiveDecimal(required=True, description="The amount, with up to 4 decimal places.")
    currency = graphene.String(required=True, description="ISO 4217 code, such as EUR.")

    class Meta:
        description = "An amount of money."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyNamedValueInput(BaseInputObjectType):
    name = graphene.String(required=True, description="The name of the field.")
    value = graphene.String(description="Its value.")

    class Meta:
        description = "A value by its name."
        doc_category = DOC_CATEGORY_ORDERS


def money(given: Mapping[str, Any] | None) -> Money | None:
    """The amount that was given, unchecked."""
    return None if given is None else Money(given["amount"], given["currency"])


def checked_money(given: Mapping[str, Any] | None, *, field: str) -> Money | None:
    """The amount that was given. Raises InvalidInput for one that cannot be stored."""
    value = money(given)
    if value is None:
        return None
    problem = problem_of_amount(value.amount) or problem_of_currency(value.currency)
    if problem:
        raise InvalidInput(problem, field=field)
    return value


def by_name(given: Iterable[Mapping[str, Any]], *, field: str) -> dict[str, str | None]:
    """Values by their names. Raises InvalidInput for a name that stands there twice."""
    values: dict[str, str | None] = {}
    for item in given:
        if item["name"] in values:
            raise InvalidInput(
                _("%(name)s stands there twice.") % {"name": item["name"]}, field=field
            )
        values[item["name"]] = item.get("value")
    return values
