from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys import bell
from saleor_cdkeys.delivery.resend import resend
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import KeyOrderMutation
from saleor_cdkeys.graphql.types import CdKeyDelivery, CdKeyOrder
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    OrderPermissions,
)


class CdKeyOrderResendInput(BaseInputObjectType):
    email = graphene.String(description="Another address than the order's own.")
    reason = graphene.String(description="Why. Required for another address.")

    class Meta:
        description = "Where to send keys again, and why."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyOrderResend(KeyOrderMutation):
    cd_key_order = graphene.Field(CdKeyOrder, description="The key order.")
    cd_key_delivery = graphene.Field(
        CdKeyDelivery, description="The message, which leaves in a moment."
    )

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key order.")
        input = CdKeyOrderResendInput(description="Default: to the order's own address.")

    class Meta:
        description = (
            "Send what a key order holds again. Where it goes to another address than the order's "
            "own, the links that went elsewhere stop working."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = CdKeyError

    renamed = {"recipient": "email", "note": "reason"}

    @classmethod
    def perform(
        cls, info: Any, *, id: str, input: dict[str, Any] | None = None
    ) -> CdKeyOrderResend:
        key_order = cls.key_order(info, id)
        given = input or {}
        delivery = resend(
            key_order_id=key_order.pk,
            recipient=given.get("email"),
            note=given.get("reason") or "",
            actor=actor_of(info.context),
        )
        bell.ring_for_mail([delivery.pk])
        return cls(cd_key_order=key_order, cd_key_delivery=delivery)
