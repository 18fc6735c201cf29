"""Saleor's GraphQL base classes and context, under names that hold in every version.

Import it only from what `AppConfig.ready()` mounts: it pulls in a good part of Saleor's GraphQL.
"""

from __future__ import annotations

# Must come first: with few plugins loaded, importing any other part of Saleor's GraphQL before
# this one ends in a circular import.
from saleor.graphql.product.types import ProductVariant  # isort: skip

from saleor.core.db.connection import allow_writer
from saleor.core.exceptions import PermissionDenied
from saleor.graphql.account.types import User
from saleor.graphql.app.types import App
from saleor.graphql.channel.types import Channel
from saleor.graphql.core.connection import (
    CountableConnection,
    create_connection_slice,
)
from saleor.graphql.core.context import SyncWebhookControlContext, get_database_connection_name
from saleor.graphql.core.dataloaders import DataLoader
from saleor.graphql.core.doc_category import DOC_CATEGORY_ORDERS
from saleor.graphql.core.fields import (
    BaseField,
    ConnectionField,
    JSONString,
    PermissionsField,
)
from saleor.graphql.core.mutations import BaseMutation
from saleor.graphql.core.scalars import Date, DateTime, Decimal, PositiveDecimal
from saleor.graphql.core.types import (
    BaseEnum,
    BaseInputObjectType,
    Error,
    ModelObjectType,
    Money,
    NonNullList,
    Upload,
)
from saleor.graphql.core.utils import from_global_id_or_error
from saleor.graphql.order.types import Order
from saleor.graphql.utils import get_user_or_app_from_context
from saleor.permission.auth_filters import AuthorizationFilters
from saleor.permission.enums import (
    AccountPermissions,
    AppPermission,
    OrderPermissions,
    PluginsPermissions,
    ProductPermissions,
)

from saleor_cdkeys.host.versions import ChannelContext

__all__ = [
    "DOC_CATEGORY_ORDERS",
    "AccountPermissions",
    "App",
    "AppPermission",
    "AuthorizationFilters",
    "BaseEnum",
    "BaseField",
    "BaseInputObjectType",
    "BaseMutation",
    "Channel",
    "ChannelContext",
    "ConnectionField",
    "CountableConnection",
    "DataLoader",
    "Date",
    "DateTime",
    "Decimal",
    "Error",
    "JSONString",
    "ModelObjectType",
    "Money",
    "NonNullList",
    "Order",
    "OrderPermissions",
    "PermissionDenied",
    "PermissionsField",
    "PluginsPermissions",
    "PositiveDecimal",
    "ProductPermissions",
    "ProductVariant",
    "SyncWebhookControlContext",
    "Upload",
    "User",
    "allow_writer",
    "create_connection_slice",
    "from_global_id_or_error",
    "get_database_connection_name",
    "get_user_or_app_from_context",
]
