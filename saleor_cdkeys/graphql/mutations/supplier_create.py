from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import suppliers
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.mutations.supplier_input import CdKeySupplierCreateInput, values_of
from saleor_cdkeys.graphql.types import CdKeySupplier
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, PluginsPermissions


class CdKeySupplierCreate(CdKeyMutation):
    cd_key_supplier = graphene.Field(CdKeySupplier, description="The new account.")

    class Arguments:
        input = CdKeySupplierCreateInput(required=True, description="The account.")

    class Meta:
        description = "Open an account at a supplier. Nothing is asked of the supplier for that."
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, input: dict[str, Any]) -> CdKeySupplierCreate:
        values = values_of(input)
        name = values.pop("name")
        supplier = suppliers.create(name=name, adapter=input["adapter"], values=values)
        return cls(cd_key_supplier=supplier)
