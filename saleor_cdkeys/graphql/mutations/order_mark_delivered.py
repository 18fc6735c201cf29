from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys import bell
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import KeyOrderMutation
from saleor_cdkeys.graphql.types import CdKeyOrder
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, OrderPermissions
from saleor_cdkeys.orders import actions


class CdKeyOrderMarkDelivered(KeyOrderMutation):
    cd_key_order = graphene.Field(CdKeyOrder, description="The delivered key order.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key order.")
        note = graphene.String(required=True, description="How the customer got the keys.")

    class Meta:
        description = (
            "Say that the customer has the keys, by a way of which the plugin knows nothing. They "
            "count as exposed from now on, and Saleor's order line is fulfilled."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str, note: str) -> CdKeyOrderMarkDelivered:
        key_order = cls.key_order(info, id)
        delivered = actions.mark_delivered(
            key_order_id=key_order.pk, note=note, actor=actor_of(info.context)
        )
        bell.ring([delivered.order_id])
        return cls(cd_key_order=delivered)
