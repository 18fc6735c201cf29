from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.stock_import import undo_batch
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeyBatch
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ProductPermissions
from saleor_cdkeys.models import KeyBatch


class CdKeyImportUndo(CdKeyMutation):
    cd_key_batch = graphene.Field(CdKeyBatch, description="The import as it is now.")
    removed_count = graphene.Int(description="How many keys were removed now.")
    kept_count = graphene.Int(description="How many stay, because they were sold or seen.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the import.")

    class Meta:
        description = (
            "Remove the keys of an import that were neither sold nor seen. An import that is still "
            "running stops. May be repeated."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    renamed = {"batch": "id"}

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeyImportUndo:
        batch_id = cls.own_id(id, "CdKeyBatch")
        undone = undo_batch(batch_id=batch_id, actor=actor_of(info.context))
        return cls(
            cd_key_batch=KeyBatch.objects.get(pk=batch_id),
            removed_count=undone.removed_count,
            kept_count=undone.kept_count,
        )
