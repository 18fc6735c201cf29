"""The list of keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import CdKeyStatusEnum
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.loaders import SEALED
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import CdKeyCountableConnection
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    get_database_connection_name,
)
from saleor_cdkeys.models import Key
from saleor_cdkeys.statuses import KeyStatus

_NOT_FOR_SALE = {KeyStatus.ASSIGNED.value, KeyStatus.QUARANTINED.value}


class CdKeyFilterInput(BaseInputObjectType):
    key_product = graphene.ID(description="Of this key product.")
    batch = graphene.ID(description="Of this import.")
    status = CdKeyStatusEnum(description="With this status.")
    exposed = graphene.Boolean(description="Whose codes left, or did not.")

    class Meta:
        description = "Which keys; each field narrows them further."
        doc_category = DOC_CATEGORY_ORDERS


def page(info: Any, wanted: Mapping[str, Any], arguments: Mapping[str, Any]) -> Any:
    """A page of the keys that are wanted."""
    rows = Key.objects.using(get_database_connection_name(info.context)).defer(*SEALED)
    conditions: dict[str, Collection[Any]] = {}
    if wanted.get("batch"):
        rows = rows.filter(batch__isnull=False)
        conditions["batch_id"] = {own_id(wanted["batch"], "CdKeyBatch")}
    if wanted.get("key_product"):
        conditions["key_product_id"] = {own_id(wanted["key_product"], "CdKeyProduct")}
    if wanted.get("status"):
        conditions["status"] = {wanted["status"]}
    if wanted.get("exposed") is not None:
        rows = rows.filter(exposed_at__isnull=not wanted["exposed"])
    if wanted.get("exposed") and "status" not in conditions:
        # No key that is for sale was exposed.
        conditions["status"] = _NOT_FOR_SALE
    branches: dict[str, Collection[Any]] = {}
    column = _index(conditions)
    if column is not None:
        branches[column] = conditions.pop(column)
    if column == "status":
        rows = rows.exclude(status=KeyStatus.AVAILABLE)
    rows = rows.filter(**{f"{name}__in": list(values) for name, values in conditions.items()})
    return connection(rows, info, arguments, CdKeyCountableConnection, branches=branches)


def _index(conditions: Mapping[str, Collection[Any]]) -> str | None:
    """The column by whose index the list is read: that which leaves the fewest keys."""
    for column in ("batch_id", "key_product_id"):
        if column in conditions:
            return column
    statuses = conditions.get("status")
    return "status" if statuses and KeyStatus.AVAILABLE not in statuses else None
