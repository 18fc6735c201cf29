"""Messages with keys. Their links stay out: whoever has one gets the codes."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyDeliveryKindEnum, CdKeyDeliveryStatusEnum
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, Date, DateTime, ModelObjectType
from saleor_cdkeys.models import Delivery


class CdKeyDelivery(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the message.")
    kind = CdKeyDeliveryKindEnum(required=True, description="Why it was sent.")
    status = CdKeyDeliveryStatusEnum(required=True, description="Where it stands.")
    recipient = graphene.String(required=True, description="The address it goes to.")
    attempts = graphene.Int(required=True, description="How often it was tried.")
    release_on = Date(
        description="The day that it tells of; null for a message with keys, or if none is known."
    )
    error = graphene.String(required=True, description="Why the last try failed; may be empty.")
    note = graphene.String(required=True, description="Why staff sent it again; may be empty.")
    actor_name = graphene.String(
        required=True, description="Who sent it; empty for the system and the customer."
    )
    created_at = DateTime(required=True, description="When it was queued.")
    next_run_at = DateTime(description="When it is tried next.")
    sent_at = DateTime(description="When the mail server accepted it.")
    opened_at = DateTime(description="When its page was opened for the first time.")
    revealed_at = DateTime(description="When its page showed the codes for the first time.")
    expires_at = DateTime(description="Until when its latest link works.")
    revoked_at = DateTime(description="When its latest link was taken back.")

    class Meta:
        description = "A message to one recipient: with keys, or with the day of the release."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = Delivery

    @staticmethod
    def resolve_actor_name(root: Delivery, info: Any) -> Any:
        return links.name_of(info.context, user_id=root.user_id, app_id=root.app_id)

    @staticmethod
    def resolve_expires_at(root: Delivery, info: Any) -> Any:
        link = loaders.LatestLinkByDelivery(info.context).load(root.pk)
        return link.then(lambda found: found and found.expires_at)

    @staticmethod
    def resolve_revoked_at(root: Delivery, info: Any) -> Any:
        link = loaders.LatestLinkByDelivery(info.context).load(root.pk)
        return link.then(lambda found: found and found.revoked_at)
