"""Who asks over GraphQL, and what Saleor lets them see."""

from __future__ import annotations

from typing import Any, cast

from saleor.account.models import Group
from saleor.permission.utils import has_one_of_permissions

from saleor_cdkeys.host.graphql import (
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


def name_of(context: Any) -> str:
    """What the app or user that asks is called, for records that outlast both."""
    if context.app is not None:
        return str(context.app.name)
    return str(context.user.email) if context.user else ""


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

    Apps see all channels. Read once per request. The same rule as Saleor's, but read at once:
    Saleor's waits for its data loaders, and whatever else waits for a loader meanwhile would ask
    again before the answer is there.
    """
    context = info.context
    if not hasattr(context, _CACHE):
        setattr(context, _CACHE, _channel_ids(context))
    return cast("frozenset[int] | None", getattr(context, _CACHE))


def sees_channel(info: Any, channel_id: int) -> bool:
    """Whether who asks may see what belongs to that channel; says nothing of permissions."""
    visible = channel_ids_of(info)
    return visible is None or channel_id in visible


def _channel_ids(context: Any) -> frozenset[int] | None:
    if context.app is not None:
        return None
    if not context.user:
        return frozenset()
    groups = Group.objects.using(get_database_connection_name(context))
    rows = list(
        groups.filter(user=context.user.pk).values_list("restricted_access_to_channels", "channels")
    )
    if not all(is_restricted for is_restricted, _channel in rows):
        return None
    return frozenset(channel for _is_restricted, channel in rows if channel is not None)
