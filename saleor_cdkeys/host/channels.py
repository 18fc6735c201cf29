"""Saleor's channels."""

from __future__ import annotations

import dataclasses

from saleor.channel.models import Channel


@dataclasses.dataclass(frozen=True, slots=True)
class ChannelInfo:
    """A channel; ``currency`` is ISO 4217."""

    id: int
    slug: str
    name: str
    currency: str


def _info(channel: Channel) -> ChannelInfo:
    return ChannelInfo(
        id=channel.pk, slug=channel.slug, name=channel.name, currency=channel.currency_code
    )


def channel_by_id(channel_id: int) -> ChannelInfo | None:
    channel = Channel.objects.filter(pk=channel_id).first()
    return None if channel is None else _info(channel)


def channel_by_slug(slug: str) -> ChannelInfo | None:
    channel = Channel.objects.filter(slug=slug).first()
    return None if channel is None else _info(channel)


def all_channels() -> list[ChannelInfo]:
    return [_info(channel) for channel in Channel.objects.order_by("pk")]
