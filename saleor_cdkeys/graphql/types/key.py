"""Keys, always masked: their codes are no field of this type."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyAccessKindEnum, CdKeyKindEnum, CdKeyStatusEnum
from saleor_cdkeys.graphql.fields import ORDERS, PRODUCTS
from saleor_cdkeys.graphql.types.money import money
from saleor_cdkeys.host import links
from saleor_cdkeys.host.access import sees_channel
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    CountableConnection,
    DateTime,
    ModelObjectType,
    Money,
    NonNullList,
    PermissionsField,
)
from saleor_cdkeys.models import Key, KeyAccess


class CdKeyAccess(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the record.")
    kind = CdKeyAccessKindEnum(required=True, description="How the code left.")
    actor_name = graphene.String(
        required=True, description="Who read it; empty where that was not a user or an app."
    )
    ip = graphene.String(description="The network address it was read from.")
    created_at = DateTime(required=True, description="When it was read.")

    class Meta:
        description = "A record of a code that left, or was looked at."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = KeyAccess

    @staticmethod
    def resolve_actor_name(root: KeyAccess, info: Any) -> Any:
        return links.name_of(info.context, user_id=root.user_id, app_id=root.app_id)


class CdKey(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the key.")
    key_product = graphene.Field(
        "saleor_cdkeys.graphql.types.CdKeyProduct",
        required=True,
        description="The product it is a key of.",
    )
    status = CdKeyStatusEnum(required=True, description="Whether it may be sold.")
    kind = CdKeyKindEnum(required=True, description="What form its code has.")
    hint = graphene.String(
        required=True, description="The last characters of its code; empty where that tells much."
    )
    cost = graphene.Field(Money, description="What it cost, where that is known.")
    exposed_at = DateTime(
        description="When its code left for the first time; it is not sold again by itself."
    )
    created_at = DateTime(required=True, description="When it came into the shop.")
    accesses = NonNullList(
        CdKeyAccess, required=True, description="Each time its code left, oldest first."
    )
    batch = PermissionsField(
        "saleor_cdkeys.graphql.types.CdKeyBatch",
        permissions=PRODUCTS,
        description="The import it came with.",
    )
    purchase = PermissionsField(
        "saleor_cdkeys.graphql.types.CdKeyPurchase",
        permissions=ORDERS,
        description="The purchase it came with; null outside the channels of who asks.",
    )
    key_order = PermissionsField(
        "saleor_cdkeys.graphql.types.CdKeyOrder",
        permissions=ORDERS,
        description="The key order it was sold to; null outside the channels of who asks.",
    )
    unit_number = PermissionsField(
        graphene.Int,
        permissions=ORDERS,
        description="Which of the key order's keys it is; null outside the channels of who asks.",
    )

    class Meta:
        description = "A key. Its code is not shown; `cdKeyReveal` shows it and records who asked."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = Key

    @staticmethod
    def resolve_key_product(root: Key, info: Any) -> Any:
        return loaders.KeyProductById(info.context).load(root.key_product_id)

    @staticmethod
    def resolve_cost(root: Key, _info: Any) -> Any:
        return money(root.cost_amount, root.cost_currency)

    @staticmethod
    def resolve_accesses(root: Key, info: Any) -> Any:
        return loaders.AccessesByKey(info.context).load(root.pk)

    @staticmethod
    def resolve_batch(root: Key, info: Any) -> Any:
        return (
            None if root.batch_id is None else loaders.BatchById(info.context).load(root.batch_id)
        )

    @staticmethod
    def resolve_purchase(root: Key, info: Any) -> Any:
        if root.purchase_id is None:
            return None
        purchase = loaders.PurchaseById(info.context).load(root.purchase_id)
        return purchase.then(
            lambda row: row if sees_channel(info, row.key_order.channel_id) else None
        )

    @staticmethod
    def resolve_key_order(root: Key, info: Any) -> Any:
        return _unit(root, info, lambda unit: unit.key_order)

    @staticmethod
    def resolve_unit_number(root: Key, info: Any) -> Any:
        return _unit(root, info, lambda unit: unit.number)


def _unit(root: Key, info: Any, pick: Any) -> Any:
    if root.unit_id is None:
        return None
    unit = loaders.UnitById(info.context).load(root.unit_id)
    return unit.then(
        lambda row: pick(row) if sees_channel(info, row.key_order.channel_id) else None
    )


class CdKeyCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKey
