from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import KeyOrderMutation
from saleor_cdkeys.graphql.types import CdKeyOrder
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, OrderPermissions
from saleor_cdkeys.orders import actions


class CdKeyOrderHold(KeyOrderMutation):
    cd_key_order = graphene.Field(CdKeyOrder, description="The key order that is held.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key order.")
        note = graphene.String(description="Why, for the timeline.")

    class Meta:
        description = "Park a key order until staff process it."
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str, note: str | None = None) -> CdKeyOrderHold:
        key_order = cls.key_order(info, id)
        held = actions.hold(
            key_order_id=key_order.pk, note=note or "", actor=actor_of(info.context)
        )
        return cls(cd_key_order=held)
