"""Imports of keys."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import CdKeyBatchStatusEnum
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    CountableConnection,
    DateTime,
    ModelObjectType,
)
from saleor_cdkeys.models import KeyBatch


class CdKeyBatch(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the import.")
    name = graphene.String(required=True, description="The file it was, or a name given to it.")
    status = CdKeyBatchStatusEnum(required=True, description="Where it stands.")
    row_count = graphene.Int(required=True, description="How many rows were read.")
    created_count = graphene.Int(required=True, description="How many keys were stored.")
    duplicate_count = graphene.Int(required=True, description="How many rows were known already.")
    rejected_count = graphene.Int(required=True, description="How many rows were unusable.")
    removed_count = graphene.Int(
        required=True, description="How many unsold keys undoing it removed."
    )
    actor_name = graphene.String(
        required=True, description="Who imported it; empty for a command of the server."
    )
    undone_by_name = graphene.String(required=True, description="Who undid it last, likewise.")
    created_at = DateTime(required=True, description="When it began.")
    finished_at = DateTime(description="When it ended.")
    undone_at = DateTime(description="When it was undone last.")

    class Meta:
        description = "One import of keys."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = KeyBatch

    @staticmethod
    def resolve_actor_name(root: KeyBatch, info: Any) -> Any:
        return links.name_of(info.context, user_id=root.user_id, app_id=root.app_id)

    @staticmethod
    def resolve_undone_by_name(root: KeyBatch, info: Any) -> Any:
        return links.name_of(info.context, user_id=root.undone_user_id, app_id=root.undone_app_id)


class CdKeyBatchCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeyBatch
