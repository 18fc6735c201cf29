from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys import bell
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import KeyOrderMutation
from saleor_cdkeys.graphql.mutations.entered_key import CdKeyEnteredKeyInput, code_of
from saleor_cdkeys.graphql.mutations.inputs import CdKeyMoneyInput, checked_money
from saleor_cdkeys.graphql.types import CdKeyOrder
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    OrderPermissions,
)
from saleor_cdkeys.orders import actions


class CdKeyOrderEnterKeysInput(BaseInputObjectType):
    keys = NonNullList(
        CdKeyEnteredKeyInput,
        required=True,
        description=(
            "A key for each open unit, in order; fewer leave the rest open. Send them as "
            "variables: the text of a query may be logged."
        ),
    )
    cost = CdKeyMoneyInput(description="What one key cost. Default: nothing.")

    class Meta:
        description = "Keys that staff got another way."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyOrderEnterKeys(KeyOrderMutation):
    cd_key_order = graphene.Field(
        CdKeyOrder, description="The key order, whose keys a worker delivers in a moment."
    )

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key order.")
        input = CdKeyOrderEnterKeysInput(required=True, description="The keys.")

    class Meta:
        description = (
            "Give keys to the open units of a key order. They are delivered as others are."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str, input: dict[str, Any]) -> CdKeyOrderEnterKeys:
        key_order = cls.key_order(info, id)
        filled = actions.enter_keys(
            key_order_id=key_order.pk,
            codes=[
                code_of(given, number=number, context=info.context)
                for number, given in enumerate(input["keys"], start=1)
            ],
            cost=checked_money(input.get("cost"), field="cost"),
            actor=actor_of(info.context),
        )
        bell.ring([filled.order_id])
        return cls(cd_key_order=filled)
