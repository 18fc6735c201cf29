from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys import bell
from saleor_cdkeys.acquisition.decision import decide_purchase
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import PurchaseMutation
from saleor_cdkeys.graphql.types import CdKeyOrder, CdKeyPurchase
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, OrderPermissions
from saleor_cdkeys.models import KeyOrder


class CdKeyPurchaseDecide(PurchaseMutation):
    cd_key_purchase = graphene.Field(CdKeyPurchase, description="The purchase, now clear.")
    cd_key_order = graphene.Field(CdKeyOrder, description="The key order it was made for.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the purchase.")
        bought = graphene.Boolean(
            required=True,
            description=(
                "False: the supplier sold nothing, and the key order goes on. True: it did; its "
                "keys are entered with cdKeyOrderEnterKeys."
            ),
        )
        note = graphene.String(required=True, description="How that is known.")

    class Meta:
        description = (
            "Say what became of a purchase that the supplier does not make clear, or end the "
            "review of one that brought too little. Until then nothing else is bought for its key "
            "order."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str, bought: bool, note: str) -> CdKeyPurchaseDecide:
        decided = decide_purchase(
            purchase_id=cls.purchase(info, id).pk,
            bought=bought,
            note=note,
            actor=actor_of(info.context),
        )
        key_order = KeyOrder.objects.get(pk=decided.key_order_id)
        bell.ring([key_order.order_id])
        return cls(cd_key_purchase=decided, cd_key_order=key_order)
