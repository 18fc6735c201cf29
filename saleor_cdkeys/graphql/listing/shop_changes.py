"""The list of what the plugin changed in the shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import CdKeyShopChangeKindEnum
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import CdKeyShopChangeCountableConnection
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    get_database_connection_name,
)
from saleor_cdkeys.models import ShopChange


class CdKeyShopChangeFilterInput(BaseInputObjectType):
    key_product = graphene.ID(description="Of this key product.")
    kind = CdKeyShopChangeKindEnum(description="Of this kind.")

    class Meta:
        description = "Which changes; each field narrows them further."
        doc_category = DOC_CATEGORY_ORDERS


def page(info: Any, wanted: Mapping[str, Any], arguments: Mapping[str, Any]) -> Any:
    """A page of the changes that are wanted."""
    rows = ShopChange.objects.using(get_database_connection_name(info.context))
    branches: dict[str, list[int]] = {}
    if wanted.get("key_product"):
        branches["key_product_id"] = [own_id(wanted["key_product"], "CdKeyProduct")]
    if wanted.get("kind"):
        rows = rows.filter(kind=wanted["kind"])
    return connection(rows, info, arguments, CdKeyShopChangeCountableConnection, branches=branches)
