"""What staff and programs do to a key order.

Nothing is done to a key order that a worker owns at this moment: it may be buying. The error says
so, and a moment later the action goes through.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import timeline, vault
from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.alerts import raise_alert
from saleor_cdkeys.errors import InvalidInput, MoveRefused
from saleor_cdkeys.host import orders as host_orders
from saleor_cdkeys.models import Key, KeyOrder, KeyUnit
from saleor_cdkeys.orders import states, transitions
from saleor_cdkeys.statuses import (
    AlertKind,
    EventType,
    KeyOrderStatus,
    KeyStatus,
    Reason,
    UnitStatus,
)
from saleor_cdkeys.values import Actor, KeyCode, Money

#: The largest code that is taken: an image, for the most part.
MAX_CODE_BYTES = 1024 * 1024


def process_now(*, key_order_id: int, actor: Actor) -> KeyOrder:
    """Take a parked, failed or delayed key order up again, past every hold.

    Nothing is ever obtained for an order that is not paid in full and confirmed. Raises
    InvalidInput for that, MoveRefused where the status does not allow it. A key order that is
    being processed already is left alone.
    """
    key_order = KeyOrder.objects.get(pk=key_order_id)
    _refuse_unpaid(key_order)
    with transaction.atomic():
        key_order = transitions.lock(key_order_id=key_order_id, lease_token=None)
        if _is_leased(key_order):
            return key_order
        KeyOrder.objects.filter(pk=key_order_id).update(released_by_staff=True, attempts=0)
        journal.take_up_again(key_order_id=key_order_id)
        return transitions.move(
            key_order_id=key_order_id,
            to=KeyOrderStatus.PROCESSING,
            next_run_at=timezone.now(),
            actor=actor,
        )


def _refuse_unpaid(key_order: KeyOrder) -> None:
    order = host_orders.read_order(key_order.order_id)
    if order is None or order.is_called_off:
        raise InvalidInput(_("The order was canceled or is gone."), field="id", code="not_payable")
    if not order.is_charged or order.status in ("draft", "unconfirmed"):
        raise InvalidInput(
            _("The order is not paid in full and confirmed. Mark it as paid or confirm it first."),
            field="id",
            code="not_payable",
        )


def _is_leased(key_order: KeyOrder) -> bool:
    expires = key_order.lease_expires_at
    return expires is not None and expires > timezone.now()


def _lock_idle(key_order_id: int) -> KeyOrder:
    key_order = transitions.lock(key_order_id=key_order_id, lease_token=None)
    if _is_leased(key_order):
        raise InvalidInput(
            _("The key order is being processed right now. Try again in a moment."),
            field="id",
            code="busy",
        )
    return key_order


def enter_keys(
    *,
    key_order_id: int,
    codes: Sequence[KeyCode],
    actor: Actor,
    cost: Money | None = None,
) -> KeyOrder:
    """Give codes typed by staff to the open units, in order; all units filled makes it FULFILLED.

    ``cost`` is what one key cost. Raises InvalidInput (field ``keys``) for a code that is empty,
    too large, known already, or one too many; nothing is stored then.
    """
    _refuse_unpaid(KeyOrder.objects.get(pk=key_order_id))
    with transaction.atomic():
        key_order = _lock_idle(key_order_id)
        units = list(key_order.units.filter(status=UnitStatus.OPEN).order_by("number"))
        _check_codes(codes, open_units=len(units))
        _refuse_in_flight(key_order)
        if not states.is_allowed(
            from_status=KeyOrderStatus(key_order.status), to_status=KeyOrderStatus.FULFILLED
        ):
            raise MoveRefused(
                from_status=key_order.status,
                to_status=KeyOrderStatus.FULFILLED,
                why=_("keys can be typed only for one that is pending, waiting or failed."),
            )
        for unit, code in zip(units, codes, strict=False):
            _store(key_order=key_order, unit=unit, code=code, cost=cost)
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.KEYS_ENTERED,
            data={"count": len(codes)},
            actor=actor,
        )
        if len(codes) < len(units):
            KeyOrder.objects.filter(pk=key_order_id).update(next_run_at=timezone.now())
            key_order.refresh_from_db()
            return key_order
        return transitions.move(
            key_order_id=key_order_id,
            to=KeyOrderStatus.FULFILLED,
            next_run_at=timezone.now(),
            actor=actor,
        )


def _check_codes(codes: Sequence[KeyCode], *, open_units: int) -> None:
    if not codes:
        raise InvalidInput(_("Enter at least one key."), field="keys", code="required")
    if len(codes) > open_units:
        raise InvalidInput(
            _("%(given)d keys were entered, but only %(open)d are still owed.")
            % {"given": len(codes), "open": open_units},
            field="keys",
            code="too_many",
        )
    for number, code in enumerate(codes, start=1):
        if code.is_empty:
            raise InvalidInput(_("Key %d is empty.") % number, field="keys", code="required")
        if len(code.to_bytes()) > MAX_CODE_BYTES:
            raise InvalidInput(
                _("Key %d is larger than 1 MB.") % number, field="keys", code="invalid"
            )


def _refuse_in_flight(key_order: KeyOrder) -> None:
    if journal.next_look(key_order_id=key_order.pk) is not None:
        raise InvalidInput(
            _("A purchase for this key order is not clear yet. Decide it first."),
            field="id",
            code="purchase_open",
        )


def _store(*, key_order: KeyOrder, unit: KeyUnit, code: KeyCode, cost: Money | None) -> None:
    key = Key(
        key_product_id=key_order.key_product_id,
        status=KeyStatus.ASSIGNED,
        kind=code.kind,
        fingerprint=vault.fingerprint(code),
        hint=code.hint,
        unit=unit,
        cost_amount=cost.amount if cost else Decimal(0),
        cost_currency=cost.currency if cost else key_order.currency,
    )
    key.sealed = vault.seal_code(code, uid=key.uid)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise InvalidInput(
            _("Key %d is known already: it was imported, bought or entered before.") % unit.number,
            field="keys",
            code="duplicate",
        ) from None
    KeyUnit.objects.filter(pk=unit.pk).update(status=UnitStatus.FILLED)


def mark_delivered(*, key_order_id: int, note: str, actor: Actor) -> KeyOrder:
    """Say that the customer has the keys, by a way of which the plugin knows nothing.

    ``note`` is required and recorded. The keys count as exposed from now on. Raises MoveRefused
    unless all keys are there, InvalidInput without a note.
    """
    if not note.strip():
        raise InvalidInput(_("Say how the customer got the keys."), field="note", code="required")
    with transaction.atomic():
        _lock_idle(key_order_id)
        now = timezone.now()
        moved = transitions.move(
            key_order_id=key_order_id,
            to=KeyOrderStatus.DELIVERED,
            next_run_at=now,
            actor=actor,
            message=note.strip(),
        )
        units = moved.units.filter(status=UnitStatus.FILLED)
        Key.objects.filter(unit__in=units, exposed_at__isnull=True).update(exposed_at=now)
        units.update(status=UnitStatus.DELIVERED, delivered_at=now)
        return moved


def hold(*, key_order_id: int, note: str, actor: Actor) -> KeyOrder:
    """Park a key order until staff process it. Raises MoveRefused or InvalidInput (busy)."""
    with transaction.atomic():
        _lock_idle(key_order_id)
        KeyOrder.objects.filter(pk=key_order_id).update(released_by_staff=False)
        held = transitions.move(
            key_order_id=key_order_id,
            to=KeyOrderStatus.WAITING,
            reason=Reason.HELD_BY_STAFF,
            detail=note.strip(),
            # What is under way at a supplier goes on, and is followed.
            next_run_at=journal.next_look(key_order_id=key_order_id),
            actor=actor,
        )
        raise_alert(
            kind=AlertKind.KEY_ORDER_WAITING,
            subject=transitions.alert_subject(key_order_id),
            message=f"{held.order_number} · {held.product_name}: {Reason.HELD_BY_STAFF.label}",
            key_order_id=key_order_id,
            channel_id=held.channel_id,
        )
        return held
