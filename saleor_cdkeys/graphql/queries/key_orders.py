"""Looking up and listing key orders."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql.fields import ORDERS
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.listing import key_orders
from saleor_cdkeys.graphql.listing.key_orders import CdKeyOrderFilterInput
from saleor_cdkeys.graphql.types import CdKeyOrder, CdKeyOrderCountableConnection
from saleor_cdkeys.host.access import sees_channel
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    ConnectionField,
    PermissionsField,
    get_database_connection_name,
)
from saleor_cdkeys.models import KeyOrder


class KeyOrderQueries:
    cd_key_order = PermissionsField(
        CdKeyOrder,
        id=graphene.Argument(graphene.ID, required=True, description="The ID of the key order."),
        permissions=ORDERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="A key order, of the channels that who asks may see.",
    )
    cd_key_orders = ConnectionField(
        CdKeyOrderCountableConnection,
        filter=CdKeyOrderFilterInput(description="Which ones."),
        permissions=ORDERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="Key orders of the channels that who asks may see, newest first.",
    )

    @staticmethod
    def resolve_cd_key_order(_root: Any, info: Any, *, id: str) -> KeyOrder | None:
        rows = KeyOrder.objects.using(get_database_connection_name(info.context))
        found = rows.filter(pk=own_id(id, "CdKeyOrder")).first()
        return found if found and sees_channel(info, found.channel_id) else None

    @staticmethod
    def resolve_cd_key_orders(
        _root: Any, info: Any, *, filter: Any = None, **arguments: Any
    ) -> Any:
        return key_orders.page(info, filter or {}, arguments)
