"""Reading what one channel does differently."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys import channel_settings
from saleor_cdkeys.graphql.fields import PLUGINS
from saleor_cdkeys.graphql.ids import host_id
from saleor_cdkeys.graphql.types import CdKeyChannelSettings
from saleor_cdkeys.host import links
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    PermissionsField,
    get_database_connection_name,
)


class ChannelSettingsQueries:
    cd_key_channel_settings = PermissionsField(
        CdKeyChannelSettings,
        channel=graphene.Argument(graphene.ID, required=True, description="The ID of the channel."),
        permissions=PLUGINS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="What a channel does differently; null if there is no such channel.",
    )

    @staticmethod
    def resolve_cd_key_channel_settings(_root: Any, info: Any, *, channel: str) -> Any:
        channel_id = host_id(channel, "Channel")
        using = get_database_connection_name(info.context)
        return links.channel(info.context, channel_id).then(
            lambda row: row and channel_settings.read(channel_id=channel_id, using=using)
        )
