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
    if wanted.get("key_product"):
        rows = rows.filter(key_product_id=own_id(wanted["key_product"], "CdKeyProduct"))
    if wanted.get("batch"):
        rows = rows.filter(batch_id=own_id(wanted["batch"], "CdKeyBatch"))
    if wanted.get("status"):
        rows = rows.filter(status=wanted["status"])
    branches: dict[str, Collection[Any]] = {}
    if wanted.get("exposed") is not None:
        rows = rows.filter(exposed_at__isnull=not wanted["exposed"])
    if wanted.get("exposed") and not wanted.get("batch"):
        # No key that is for sale was exposed; the others have an index, as those of a batch do.
        rows = rows.exclude(status=KeyStatus.AVAILABLE)
        branches["status"] = [KeyStatus.ASSIGNED, KeyStatus.QUARANTINED]
    return connection(rows, info, arguments, CdKeyCountableConnection, branches=branches)
