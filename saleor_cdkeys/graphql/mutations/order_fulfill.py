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


class CdKeyOrderFulfill(KeyOrderMutation):
    cd_key_order = graphene.Field(
        CdKeyOrder, description="The key order, which a worker takes up in a moment."
    )

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key order.")

    class Meta:
        description = (
            "Take a parked, failed or delayed key order up again now, past every hold. Nothing is "
            "obtained for an order that is not paid in full and confirmed."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeyOrderFulfill:
        key_order = cls.key_order(info, id)
        key_order = actions.process_now(key_order_id=key_order.pk, actor=actor_of(info.context))
        bell.ring([key_order.order_id])
        return cls(cd_key_order=key_order)
