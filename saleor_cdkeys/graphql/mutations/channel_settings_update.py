from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys import channel_settings
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.types import CdKeyChannelSettings
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    PluginsPermissions,
    PositiveDecimal,
)


class CdKeyChannelSettingsInput(BaseInputObjectType):
    auto_processing = graphene.Boolean(
        description="Whether paid orders are processed by themselves."
    )
    process_delay = graphene.Int(
        description="Seconds after the payment at which keys are obtained. At most 30 days."
    )
    codes_in_mail = graphene.Boolean(description="Whether the codes stand in the e-mail as well.")
    sender_name = graphene.String(description="Who the e-mails are from.")
    sender_address = graphene.String(description="The address that the e-mails are from.")
    mail_subject = graphene.String(
        description=(
            "Subject of the e-mail with the keys. {order_number}, {products} and {shop} are filled "
            "in, here and in the texts."
        )
    )
    mail_intro = graphene.String(description="What stands above the keys.")
    mail_footer = graphene.String(description="What stands below the keys.")
    alert_recipients = NonNullList(
        graphene.String, description="Addresses that are told of problems of the channel."
    )
    hold_above_amount = PositiveDecimal(
        description="Orders of a higher total wait for staff, in the currency of the channel."
    )
    hold_above_quantity = graphene.Int(description="Lines with more keys wait for staff.")
    link_days = graphene.Int(description="Days that a private link works. At most ten years.")

    class Meta:
        description = (
            "What a channel does differently. What is not named stays; null means: as the "
            "plugin's configuration says."
        )
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyChannelSettingsUpdate(CdKeyMutation):
    cd_key_channel_settings = graphene.Field(
        CdKeyChannelSettings, description="The channel's own settings as they are now."
    )

    class Arguments:
        channel = graphene.ID(required=True, description="ID of the channel.")
        input = CdKeyChannelSettingsInput(required=True, description="What is to change.")

    class Meta:
        description = "Change what a channel does differently from the plugin's configuration."
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(
        cls, info: Any, *, channel: str, input: dict[str, Any]
    ) -> CdKeyChannelSettingsUpdate:
        channel_id = cls.host_id(channel, "Channel", field="channel")
        cls.check_channel(info, channel_id)
        settings = channel_settings.save(channel_id=channel_id, values=input)
        return cls(cd_key_channel_settings=settings)
