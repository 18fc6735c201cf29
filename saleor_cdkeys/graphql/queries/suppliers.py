"""Looking up and listing suppliers, and the adapters they can have."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql.fields import SUPPLIERS
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import (
    CdKeySupplier,
    CdKeySupplierAdapter,
    CdKeySupplierCountableConnection,
)
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    ConnectionField,
    NonNullList,
    PermissionsField,
    get_database_connection_name,
)
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.registry import adapter_class, adapter_names


class SupplierQueries:
    cd_key_supplier = PermissionsField(
        CdKeySupplier,
        id=graphene.Argument(graphene.ID, required=True, description="The ID of the supplier."),
        permissions=SUPPLIERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="A supplier's account.",
    )
    cd_key_suppliers = ConnectionField(
        CdKeySupplierCountableConnection,
        permissions=SUPPLIERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="Suppliers' accounts, newest first.",
    )
    cd_key_supplier_adapters = PermissionsField(
        NonNullList(CdKeySupplierAdapter),
        permissions=SUPPLIERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="The kinds of supplier that can be set up, by name.",
    )

    @staticmethod
    def resolve_cd_key_supplier(_root: Any, info: Any, *, id: str) -> Supplier | None:
        rows = Supplier.objects.using(get_database_connection_name(info.context))
        return rows.filter(pk=own_id(id, "CdKeySupplier")).first()

    @staticmethod
    def resolve_cd_key_suppliers(_root: Any, info: Any, **arguments: Any) -> Any:
        rows = Supplier.objects.using(get_database_connection_name(info.context))
        return connection(rows, info, arguments, CdKeySupplierCountableConnection)

    @staticmethod
    def resolve_cd_key_supplier_adapters(_root: Any, _info: Any) -> list[tuple[str, Any]]:
        return [(name, adapter_class(name)) for name in adapter_names()]
