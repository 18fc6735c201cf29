"""What one channel does differently."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import Channel, DateTime, NonNullList, PositiveDecimal
from saleor_cdkeys.models import ChannelSettings

_PLUGIN = "Null: as the plugin's configuration says."


class CdKeyChannelSettings(graphene.ObjectType):
    """Made from a :class:`ChannelSettings`, saved or not."""

    channel = graphene.Field(Channel, description="The channel; null if it is gone.")
    auto_processing = graphene.Boolean(
        description=f"Whether paid orders are processed without staff. {_PLUGIN}"
    )
    process_delay = graphene.Int(
        description=f"How long a paid order waits before it is processed, in seconds. {_PLUGIN}"
    )
    codes_in_mail = graphene.Boolean(
        description=f"Whether codes stand in the e-mail and not on the page alone. {_PLUGIN}"
    )
    sender_name = graphene.String(description=f"The sender's name in e-mails. {_PLUGIN}")
    sender_address = graphene.String(description=f"The sender's address in e-mails. {_PLUGIN}")
    mail_subject = graphene.String(description="The subject of e-mails. Null: the standard text.")
    mail_intro = graphene.String(
        description="The text above the keys in e-mails. Null: the standard text."
    )
    mail_footer = graphene.String(
        description="The text below the keys in e-mails. Null: the standard text."
    )
    alert_recipients = NonNullList(
        graphene.String, description=f"Who is told of alerts by e-mail. {_PLUGIN}"
    )
    hold_above_amount = PositiveDecimal(
        description=(
            "Orders with a higher total, in the channel's currency, wait for staff. Null: none do."
        )
    )
    hold_above_quantity = graphene.Int(
        description=f"Lines with a higher quantity wait for staff. {_PLUGIN}"
    )
    link_days = graphene.Int(description=f"How many days a private link works. {_PLUGIN}")
    updated_at = DateTime(description="When they were last changed; null for never.")

    class Meta:
        description = "What one channel does differently from the plugin's configuration."

    @staticmethod
    def resolve_channel(root: ChannelSettings, info: Any) -> Any:
        return links.channel(info.context, root.channel_id)

    @staticmethod
    def resolve_sender_name(root: ChannelSettings, _info: Any) -> str | None:
        return root.sender_name or None

    @staticmethod
    def resolve_sender_address(root: ChannelSettings, _info: Any) -> str | None:
        return root.sender_address or None

    @staticmethod
    def resolve_mail_subject(root: ChannelSettings, _info: Any) -> str | None:
        return root.mail_subject or None

    @staticmethod
    def resolve_mail_intro(root: ChannelSettings, _info: Any) -> str | None:
        return root.mail_intro or None

    @staticmethod
    def resolve_mail_footer(root: ChannelSettings, _info: Any) -> str | None:
        return root.mail_footer or None
