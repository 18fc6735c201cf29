from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.delivery.client_address import client_ip
from saleor_cdkeys.delivery.reveal import reveal_for_staff
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKey, CdKeyCode
from saleor_cdkeys.host.access import actor_of, has_permission
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    OrderPermissions,
    PermissionDenied,
    ProductPermissions,
)
from saleor_cdkeys.models import Key


class CdKeyReveal(CdKeyMutation):
    cd_key = graphene.Field(CdKey, description="The key, which counts as exposed from now on.")
    code = graphene.Field(CdKeyCode, description="Its code in clear text.")

    class Arguments:
        id = graphene.ID(required=True, description="ID of the key.")

    class Meta:
        description = (
            "Show the code of a key. Who asked, when and from where is recorded before that. A key "
            "of an order needs MANAGE_ORDERS; one of the stock needs MANAGE_PRODUCTS, and is not "
            "for sale any more after it was seen."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (OrderPermissions.MANAGE_ORDERS, ProductPermissions.MANAGE_PRODUCTS)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, id: str) -> CdKeyReveal:
        pk = cls.own_id(id, "CdKey")
        code = reveal_for_staff(
            key_id=pk,
            actor=actor_of(info.context, ip=client_ip(info.context)),
            guard=lambda key: cls._check_access(info, key),
        )
        return cls(cd_key=Key.objects.get(pk=pk), code=code)

    @classmethod
    def _check_access(cls, info: Any, key: Key) -> None:
        """Raises PermissionDenied unless who asks may see the code of this key."""
        if key.unit is None:
            needed = ProductPermissions.MANAGE_PRODUCTS
        else:
            needed = OrderPermissions.MANAGE_ORDERS
        if not has_permission(info.context, needed):
            raise PermissionDenied(permissions=[needed])
        if key.unit is not None:
            cls.check_channel(info, key.unit.key_order.channel_id)
