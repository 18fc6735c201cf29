"""The timeline of a key order."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import (
    CdKeyOrderEventTypeEnum,
    CdKeyOrderReasonEnum,
    CdKeyOrderStatusEnum,
)
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    AccountPermissions,
    App,
    AppPermission,
    DateTime,
    JSONString,
    ModelObjectType,
    PermissionsField,
    User,
)
from saleor_cdkeys.models import KeyOrderEvent


class CdKeyOrderEvent(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the row.")
    type = CdKeyOrderEventTypeEnum(required=True, description="What it tells.")
    from_status = CdKeyOrderStatusEnum(description="The status before a change of status.")
    to_status = CdKeyOrderStatusEnum(description="The status after a change of status.")
    reason = CdKeyOrderReasonEnum(description="Why.")
    message = graphene.String(required=True, description="Text for people; may be empty.")
    data = JSONString(required=True, description="Details for programs.")
    actor_name = graphene.String(
        required=True, description="Who did it: a user or an app; empty for the system itself."
    )
    user = PermissionsField(
        User,
        permissions=[AccountPermissions.MANAGE_STAFF, AccountPermissions.MANAGE_USERS],
        description="The user who did it.",
    )
    app = PermissionsField(
        App, permissions=[AppPermission.MANAGE_APPS], description="The app that did it."
    )
    created_at = DateTime(required=True, description="When it happened.")

    class Meta:
        description = "A row of a key order's timeline."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = KeyOrderEvent

    @staticmethod
    def resolve_from_status(root: KeyOrderEvent, _info: Any) -> str | None:
        return root.from_status or None

    @staticmethod
    def resolve_to_status(root: KeyOrderEvent, _info: Any) -> str | None:
        return root.to_status or None

    @staticmethod
    def resolve_reason(root: KeyOrderEvent, _info: Any) -> str | None:
        return root.reason or None

    @staticmethod
    def resolve_actor_name(root: KeyOrderEvent, info: Any) -> Any:
        return links.name_of(info.context, user_id=root.user_id, app_id=root.app_id)

    @staticmethod
    def resolve_user(root: KeyOrderEvent, info: Any) -> Any:
        return None if root.user_id is None else links.user(info.context, root.user_id)

    @staticmethod
    def resolve_app(root: KeyOrderEvent, info: Any) -> Any:
        return None if root.app_id is None else links.app(info.context, root.app_id)
