from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.trial import try_account
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeySupplier
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, Money, PluginsPermissions


class CdKeySupplierTest(CdKeyMutation):
    cd_key_supplier = graphene.Field(CdKeySupplier, description="The account.")
    is_working = graphene.Boolean(
        description="Whether the supplier answered and accepts the account."
    )
    message = graphene.String(description="What it said, or what is wrong, for people.")
    balance = graphene.Field(
        Money, description="What is left on the account; null where it does not say."
    )

    class Arguments:
        id = graphene.ID(required=True, description="ID of the supplier account.")

    class Meta:
        description = (
            "Ask a supplier now for the balance or, where it does not tell one, for a price. "
            "Nothing is bought, and a pause stays."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeySupplierTest:
        trial = try_account(supplier_id=cls.own_id(id, "CdKeySupplier"))
        return cls(
            cd_key_supplier=trial.supplier,
            is_working=trial.is_working,
            message=trial.message,
            balance=trial.balance,
        )
