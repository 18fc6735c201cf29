"""Who sees which field: customers reach their own key orders, staff those of their channels."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from saleor_cdkeys.host.access import sees_channel
from saleor_cdkeys.host.graphql import (
    OrderPermissions,
    PermissionDenied,
    PermissionsField,
    PluginsPermissions,
    ProductPermissions,
)

ORDERS = [OrderPermissions.MANAGE_ORDERS]
PRODUCTS = [ProductPermissions.MANAGE_PRODUCTS]
PLUGINS = [PluginsPermissions.MANAGE_PLUGINS]
SUPPLIERS = [*PRODUCTS, *PLUGINS]
STOCK = [*PRODUCTS, *ORDERS]


class StaffField(PermissionsField):
    """A field of something that belongs to a key order, for staff of its channel alone.

    Customers reach their own key orders through `Order.cdKeys`; what they may see of them are the
    fields that are no StaffField. The object must have a ``channel_id``, or a ``key_order`` that
    has one.
    """

    def __init__(self, type_: Any, **options: Any) -> None:
        super().__init__(type_, permissions=ORDERS, **options)

    def get_resolver(self, parent_resolver: Callable[..., Any]) -> Any:
        @functools.wraps(parent_resolver)
        def within_channel(root: Any, info: Any, **arguments: Any) -> Any:
            if not sees_channel(info, _channel_of(root)):
                raise PermissionDenied(permissions=ORDERS)
            return parent_resolver(root, info, **arguments)

        return super().get_resolver(within_channel)


def _channel_of(root: Any) -> int:
    owner = root if hasattr(root, "channel_id") else root.key_order
    channel_id: int = owner.channel_id
    return channel_id
