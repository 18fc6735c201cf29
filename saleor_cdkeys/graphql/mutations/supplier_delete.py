from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import suppliers
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeySupplier
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, PluginsPermissions


class CdKeySupplierDelete(CdKeyMutation):
    cd_key_supplier = graphene.Field(CdKeySupplier, description="The account that was deleted.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the supplier account.")

    class Meta:
        description = (
            "Delete an account at a supplier that was never used. One that products are mapped to "
            "or that keys were bought from can only be switched off."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeySupplierDelete:
        supplier = suppliers.delete(supplier_id=cls.own_id(id, "CdKeySupplier"))
        return cls(cd_key_supplier=supplier)
