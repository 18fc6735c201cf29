"""What staff must know."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyAlertKindEnum
from saleor_cdkeys.host import links
from saleor_cdkeys.host.access import sees_channel
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    Channel,
    CountableConnection,
    DateTime,
    ModelObjectType,
)
from saleor_cdkeys.models import Alert


class CdKeyAlert(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the alert.")
    kind = CdKeyAlertKindEnum(required=True, description="What sort of thing it is.")
    subject = graphene.String(
        required=True, description="The cause, the same whenever it recurs, such as `supplier:3`."
    )
    message = graphene.String(required=True, description="What is wrong and what to do about it.")
    count = graphene.Int(required=True, description="How often it was seen.")
    key_order = graphene.Field(
        "saleor_cdkeys.graphql.types.CdKeyOrder",
        description="The key order it is about; null outside the channels of who asks.",
    )
    channel = graphene.Field(Channel, description="The channel it is about.")
    created_at = DateTime(required=True, description="When it was seen first.")
    last_seen_at = DateTime(required=True, description="When it was seen last.")
    resolved_at = DateTime(description="When it was cured; null while it is open.")

    class Meta:
        description = "Something staff must know: one row for a cause, however often it recurs."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = Alert

    @staticmethod
    def resolve_key_order(root: Alert, info: Any) -> Any:
        if root.key_order_id is None:
            return None
        key_order = loaders.KeyOrderById(info.context).load(root.key_order_id)
        return key_order.then(lambda row: row if sees_channel(info, row.channel_id) else None)

    @staticmethod
    def resolve_channel(root: Alert, info: Any) -> Any:
        return None if root.channel_id is None else links.channel(info.context, root.channel_id)


class CdKeyAlertCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeyAlert
