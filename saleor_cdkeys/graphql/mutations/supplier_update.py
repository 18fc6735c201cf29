from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import suppliers
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.mutations.supplier_input import CdKeySupplierInput, values_of
from saleor_cdkeys.graphql.types import CdKeySupplier
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, PluginsPermissions


class CdKeySupplierUpdate(CdKeyMutation):
    cd_key_supplier = graphene.Field(CdKeySupplier, description="The account as it is now.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the supplier account.")
        input = CdKeySupplierInput(required=True, description="What is to change.")

    class Meta:
        description = (
            "Change an account at a supplier. Where it is switched on or its settings or "
            "credentials change, orders that waited for it are looked at again."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str, input: dict[str, Any]) -> CdKeySupplierUpdate:
        supplier_id = cls.own_id(id, "CdKeySupplier")
        supplier = suppliers.update(supplier_id=supplier_id, values=values_of(input))
        return cls(cd_key_supplier=supplier)
