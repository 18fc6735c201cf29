"""The list of mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import CdKeyMappingFlagEnum
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import CdKeySupplierMappingCountableConnection
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    get_database_connection_name,
)
from saleor_cdkeys.models import SupplierMapping


class CdKeySupplierMappingFilterInput(BaseInputObjectType):
    supplier = graphene.ID(description="To products of this supplier account.")
    flag = NonNullList(CdKeyMappingFlagEnum, description="With one of these flags.")
    supplier_product_id = graphene.String(description="To this product, by the supplier's id.")
    is_active = graphene.Boolean(description="That are tried, or are not.")

    class Meta:
        description = "Which mappings; each field narrows them further."
        doc_category = DOC_CATEGORY_ORDERS


def page(info: Any, wanted: Mapping[str, Any], arguments: Mapping[str, Any]) -> Any:
    """A page of the mappings that are wanted."""
    rows = SupplierMapping.objects.using(get_database_connection_name(info.context))
    if wanted.get("supplier"):
        rows = rows.filter(supplier_id=own_id(wanted["supplier"], "CdKeySupplier"))
    if wanted.get("flag"):
        rows = rows.filter(flag__in=wanted["flag"])
    if wanted.get("supplier_product_id"):
        rows = rows.filter(supplier_product_id=wanted["supplier_product_id"])
    if wanted.get("is_active") is not None:
        rows = rows.filter(is_active=wanted["is_active"])
    return connection(rows, info, arguments, CdKeySupplierMappingCountableConnection)
