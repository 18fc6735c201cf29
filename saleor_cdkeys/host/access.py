"""Who asks over GraphQL, and what Saleor lets them see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from saleor.channel.models import Channel
from saleor.permission.utils import has_one_of_permissions

from saleor_cdkeys.host.graphql import (
    BaseMutation,
    PermissionDenied,
    get_database_connection_name,
    get_user_or_app_from_context,
)
from saleor_cdkeys.values import Actor

_CACHE = "_cdkeys_channel_ids"


def actor_of(context: Any, *, ip: str | None = None) -> Actor:
    """The app or user that asks, for the records of who did what."""
    if context.app is not None:
        return Actor(app_id=context.app.pk, ip=ip)
    return Actor(user_id=context.user.pk if context.user else None, ip=ip)


def has_permission(context: Any, *permissions: Any) -> bool:
    """Whether the user or app that asks has one of these permissions of Saleor's."""
    return bool(has_one_of_permissions(get_user_or_app_from_context(context), permissions))


def is_owner(context: Any, *, user_id: int | None) -> bool:
    """Whether the customer with this id is who asks. Apps own nothing, nor does nobody."""
    # Saleor's user of a request is lazy: nobody is false, but not None.
    if user_id is None or context.app is not None or not context.user:
        return False
    return bool(context.user.is_active and context.user.pk == user_id)


def channel_ids_of(info: Any) -> frozenset[int] | None:
    """The channels that the user who asks is limited to, or None where all may be seen.

    Apps see all channels. Asked of Saleor once per request, by its own rule.
    """
    context = info.context
    if not hasattr(context, _CACHE):
        setattr(context, _CACHE, _channel_ids(info))
    return cast("frozenset[int] | None", getattr(context, _CACHE))


def sees_channel(info: Any, channel_id: int) -> bool:
    """Whether who asks may see what belongs to that channel; says nothing of permissions."""
    visible = channel_ids_of(info)
    return visible is None or channel_id in visible


def _channel_ids(info: Any) -> frozenset[int] | None:
    context = info.context
    if context.app is not None:
        return None
    if not context.user:
        return frozenset()
    channels = Channel.objects.using(get_database_connection_name(context))
    every = list(channels.order_by("pk").values_list("pk", flat=True))
    if _may_see(info, every):
        return None
    return frozenset(pk for pk in every if _may_see(info, [pk]))


def _may_see(info: Any, channel_ids: Iterable[int]) -> bool:
    try:
        BaseMutation.check_channel_permissions(info, channel_ids)
    except PermissionDenied:
        return False
    return True
