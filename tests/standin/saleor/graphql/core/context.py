from dataclasses import dataclass
from typing import Any

from django.conf import settings


def get_database_connection_name(context):
    if getattr(context, "allow_replica", True):
        return settings.DATABASE_CONNECTION_REPLICA_NAME
    return settings.DATABASE_CONNECTION_DEFAULT_NAME


@dataclass
class BaseContext:
    node: Any


@dataclass
class SyncWebhookControlContext(BaseContext):
    allow_sync_webhooks: bool = True


@dataclass
class ChannelContext(BaseContext):
    channel_slug: str | None
