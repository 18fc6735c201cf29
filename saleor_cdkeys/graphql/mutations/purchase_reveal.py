from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.decision import reveal_answer
from saleor_cdkeys.delivery.client_address import client_ip
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import PurchaseMutation
from saleor_cdkeys.graphql.types import CdKeyPurchase
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, OrderPermissions


class CdKeyPurchaseReveal(PurchaseMutation):
    cd_key_purchase = graphene.Field(CdKeyPurchase, description="The purchase.")
    answer_text = graphene.String(description="The supplier's answer, word for word.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the purchase.")

    class Meta:
        description = (
            "Show the answer of a supplier that could not be used; it may hold codes. Who asked, "
            "when and from where is recorded before it is shown."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeyPurchaseReveal:
        purchase = cls.purchase(info, id)
        actor = actor_of(info.context, ip=client_ip(info.context))
        return cls(
            cd_key_purchase=purchase,
            answer_text=reveal_answer(purchase_id=purchase.pk, actor=actor),
        )
