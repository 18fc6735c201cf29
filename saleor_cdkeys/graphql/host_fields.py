"""Fields of ours on Saleor's own types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.fields import ORDERS, STOCK
from saleor_cdkeys.graphql.types import CdKeyOrder, CdKeyStock
from saleor_cdkeys.host.access import has_permission, is_owner, sees_channel
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    AuthorizationFilters,
    BaseField,
    NonNullList,
    PermissionDenied,
    PermissionsField,
)


def _cd_keys_of_order(root: Any, info: Any) -> Any:
    order = root.node
    is_staff = has_permission(info.context, *ORDERS) and sees_channel(info, order.channel_id)
    if not is_staff and not is_owner(info.context, user_id=order.user_id):
        raise PermissionDenied(permissions=[*ORDERS, AuthorizationFilters.OWNER])
    return loaders.KeyOrdersByOrder(info.context).load(order.pk)


def _cd_key_stock_of_variant(root: Any, info: Any) -> Any:
    product = loaders.KeyProductByVariant(info.context).load(root.node.pk)
    stock = loaders.StockByKeyProduct(info.context)
    return product.then(lambda found: found and stock.load(found.pk))


FIELDS: Mapping[str, Mapping[str, tuple[Any, Callable[..., Any]]]] = {
    "Order": {
        "cd_keys": (
            BaseField(
                NonNullList(CdKeyOrder),
                doc_category=DOC_CATEGORY_ORDERS,
                description=(
                    "The lines that are delivered as keys, for staff and for the customer who owns "
                    "the order, who sees the keys and the codes of those that were delivered."
                    "\n\nRequires one of the following permissions: MANAGE_ORDERS, OWNER."
                ),
            ),
            _cd_keys_of_order,
        )
    },
    "ProductVariant": {
        "cd_key_stock": (
            PermissionsField(
                CdKeyStock,
                permissions=STOCK,
                doc_category=DOC_CATEGORY_ORDERS,
                description="How many keys there are; null if it is not sold as keys.",
            ),
            _cd_key_stock_of_variant,
        )
    },
}
