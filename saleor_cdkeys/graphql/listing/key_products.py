"""The list of key products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from django.db.models import Q

from saleor_cdkeys.graphql.enums import CdKeySourceEnum
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import CdKeyProductCountableConnection
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    get_database_connection_name,
)
from saleor_cdkeys.models import KeyProduct


class CdKeyProductFilterInput(BaseInputObjectType):
    search = graphene.String(description="Whose name holds this, or whose SKU begins with it.")
    is_active = graphene.Boolean(description="That are active, or are not.")
    source = CdKeySourceEnum(description="Whose keys come from there.")

    class Meta:
        description = "Which key products; each field narrows them further."
        doc_category = DOC_CATEGORY_ORDERS


def page(info: Any, wanted: Mapping[str, Any], arguments: Mapping[str, Any]) -> Any:
    """A page of the key products that are wanted."""
    rows = KeyProduct.objects.using(get_database_connection_name(info.context))
    text = (wanted.get("search") or "").strip()
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(sku__istartswith=text))
    if wanted.get("is_active") is not None:
        rows = rows.filter(is_active=wanted["is_active"])
    if wanted.get("source"):
        rows = rows.filter(source=wanted["source"])
    return connection(rows, info, arguments, CdKeyProductCountableConnection)
