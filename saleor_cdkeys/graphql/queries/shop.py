"""Asking what follows in the shop, and what changed there."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.shop.plan import ShopPlan
from saleor_cdkeys.acquisition.shop.sync import preview
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.graphql.fields import PRODUCTS
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.listing import shop_changes
from saleor_cdkeys.graphql.listing.shop_changes import CdKeyShopChangeFilterInput
from saleor_cdkeys.graphql.types import CdKeyShopChangeCountableConnection, CdKeyShopPreview
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    ConnectionField,
    PermissionsField,
    allow_writer,
)


class ShopQueries:
    cd_key_shop_preview = PermissionsField(
        CdKeyShopPreview,
        key_product=graphene.Argument(
            graphene.ID, required=True, description="The ID of the key product."
        ),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description=(
            "What would change in the shop for a key product at this moment, by what suppliers "
            "said last; nobody is asked and nothing is changed. Null where there is none."
        ),
    )
    cd_key_shop_changes = ConnectionField(
        CdKeyShopChangeCountableConnection,
        filter=CdKeyShopChangeFilterInput(description="Which ones."),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="Prices and stock that the plugin changed in the shop, newest first.",
    )

    @staticmethod
    def resolve_cd_key_shop_preview(_root: Any, _info: Any, *, key_product: str) -> ShopPlan | None:
        pk = own_id(key_product, "CdKeyProduct")
        # It is decided by the same rows as when it is written.
        with allow_writer():
            try:
                return preview(key_product_id=pk)
            except InvalidInput:
                return None

    @staticmethod
    def resolve_cd_key_shop_changes(
        _root: Any, info: Any, *, filter: Any = None, **arguments: Any
    ) -> Any:
        return shop_changes.page(info, filter or {}, arguments)
