from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import suppliers
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeySupplier
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, PluginsPermissions


class CdKeySupplierResume(CdKeyMutation):
    cd_key_supplier = graphene.Field(CdKeySupplier, description="The account, no longer paused.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the supplier account.")

    class Meta:
        description = (
            "End the pause of a supplier without waiting for its next trial; the orders that wait "
            "for it are looked at again. Where it still fails, it is paused again."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeySupplierResume:
        supplier = suppliers.end_pause(supplier_id=cls.own_id(id, "CdKeySupplier"))
        return cls(cd_key_supplier=supplier)
