"""Asking what would be bought for a key order."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.dry_run import DryRun, dry_run
from saleor_cdkeys.graphql.fields import ORDERS
from saleor_cdkeys.graphql.queries.key_orders import KeyOrderQueries
from saleor_cdkeys.graphql.types import CdKeyPurchasePreview
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, PermissionsField, allow_writer


class PurchasePreviewQueries:
    cd_key_order_purchase_preview = PermissionsField(
        CdKeyPurchasePreview,
        id=graphene.Argument(graphene.ID, required=True, description="The ID of the key order."),
        permissions=ORDERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description=(
            "What would be bought for a key order of the channels that who asks may see: where, "
            "for how much, and why not elsewhere. Its suppliers are asked for their prices, which "
            "takes some seconds; nothing is bought."
        ),
    )

    @staticmethod
    def resolve_cd_key_order_purchase_preview(_root: Any, info: Any, *, id: str) -> DryRun | None:
        key_order = KeyOrderQueries.resolve_cd_key_order(_root, info, id=id)
        if key_order is None:
            return None
        # A supplier that fails is noted, as when buying: that goes to the main database.
        with allow_writer():
            return dry_run(key_order_id=key_order.pk)
