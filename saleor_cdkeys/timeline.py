"""Writing a key order's timeline."""

from __future__ import annotations

from typing import Any

from saleor_cdkeys.models import KeyOrderEvent
from saleor_cdkeys.statuses import EventType
from saleor_cdkeys.values import SYSTEM, Actor


def record(
    *,
    key_order_id: int,
    type: EventType,
    message: str = "",
    from_status: str = "",
    to_status: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
    actor: Actor = SYSTEM,
) -> None:
    """Add a row. Call it in the transaction that makes the row true.

    ``message`` is for people and ``data`` for programs; neither may hold a code or a credential.
    """
    KeyOrderEvent.objects.create(
        key_order_id=key_order_id,
        type=type,
        message=message[:500],
        from_status=from_status,
        to_status=to_status,
        reason=reason,
        data=data or {},
        user_id=actor.user_id,
        app_id=actor.app_id,
    )
