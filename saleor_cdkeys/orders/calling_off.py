"""Ending a key order that was cancelled, expired or refunded in Saleor."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.acquisition.purchasing import next_look
from saleor_cdkeys.models import KeyUnit
from saleor_cdkeys.orders import transitions
from saleor_cdkeys.statuses import KeyOrderStatus, Reason, UnitStatus
from saleor_cdkeys.values import SYSTEM, Actor

_UNIT_ENDS = {
    KeyOrderStatus.CANCELED: UnitStatus.CANCELED,
    KeyOrderStatus.REFUNDED: UnitStatus.REFUNDED,
}


def call_off(
    *,
    key_order_id: int,
    to: KeyOrderStatus,
    reason: Reason,
    lease_token: uuid.UUID | None = None,
    actor: Actor = SYSTEM,
) -> None:
    """Stop what was not delivered: its units end, and keys that never left go back to stock.

    A purchase that is still open goes on; the keys it brings find no open unit and become stock,
    which is why the row stays due while there is one. Delivered units keep their keys.
    """
    with transaction.atomic():
        transitions.lock(key_order_id=key_order_id, lease_token=lease_token)
        key_order = transitions.move(
            key_order_id=key_order_id,
            to=to,
            reason=reason,
            # Whoever asks after it may die before it is asked.
            next_run_at=timezone.now() if next_look(key_order_id=key_order_id) else None,
            lease_token=lease_token,
            actor=actor,
        )
        released = stock.release_unexposed(key_order_id=key_order_id)
        KeyUnit.objects.filter(key_order_id=key_order_id).exclude(
            status=UnitStatus.DELIVERED
        ).update(status=_UNIT_ENDS[to])
    if released:
        stock.wake_waiting(key_product_id=key_order.key_product_id)
