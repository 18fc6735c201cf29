"""Sending keys again, to the order's own address or to another that staff give."""

from __future__ import annotations

import dataclasses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import timeline
from saleor_cdkeys.delivery import withheld
from saleor_cdkeys.delivery.contents import live_units
from saleor_cdkeys.delivery.links import revoke_links
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Delivery, DeliveryItem, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import DeliveryKind, DeliveryStatus, EventType
from saleor_cdkeys.values import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class _Addressee:
    recipient: str
    is_other: bool


def resend(*, key_order_id: int, recipient: str | None, note: str, actor: Actor) -> Delivery:
    """Send what a key order holds again, and write down who wanted it and why.

    Without ``recipient`` it goes to the order's own address, where a message that still waits for
    the mail server is hurried instead of sent twice. Another address needs a ``note``; then the
    links that went elsewhere stop working, and what still waits to go elsewhere does not go.

    Raises InvalidInput for an unknown key order, one without keys or not released yet, an unusable
    address or a missing note.
    """
    note = note.strip()
    row = KeyOrder.objects.filter(pk=key_order_id).first()
    if row is None:
        raise InvalidInput(_("There is no such key order."), field="id", code="not_found")
    with transaction.atomic():
        # Deliveries before key orders before units, as everywhere.
        deliveries = Delivery.objects.select_for_update(no_key=True).filter(order_id=row.order_id)
        earlier = list(deliveries.order_by("pk"))
        key_order = KeyOrder.objects.select_for_update(no_key=True).get(pk=key_order_id)
        addressee = _addressee(key_order, recipient, note)
        units = live_units(key_order_id=key_order_id)
        if not units:
            raise InvalidInput(_("This key order holds no key that could be sent."), field="id")
        release_at = withheld.release_of(unit_ids=[unit.pk for unit in units])
        if release_at is not None:
            raise InvalidInput(withheld.not_before(release_at), field="id")
        if addressee.is_other:
            _withdraw(units, earlier, keep=addressee.recipient)
        delivery = _hurry_waiting(units, earlier, addressee.recipient)
        if delivery is None:
            delivery = _create(key_order, units, addressee.recipient, note, actor)
        _record(key_order, units, delivery, note, actor)
    return delivery


def _addressee(key_order: KeyOrder, recipient: str | None, note: str) -> _Addressee:
    own = key_order.email.strip()
    address = (recipient or "").strip() or own
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput(
            _("Give a valid e-mail address to send the keys to."), field="recipient"
        ) from None
    is_other = address.casefold() != own.casefold()
    if is_other and not note:
        raise InvalidInput(
            _("Say why the keys go to another address than the order's own."),
            field="note",
            code="required",
        )
    return _Addressee(recipient=address, is_other=is_other)


def _withdraw(units: list[KeyUnit], earlier: list[Delivery], *, keep: str) -> None:
    """Take the units out of what waits to go elsewhere, and switch the links there off."""
    elsewhere = [row for row in earlier if row.recipient.casefold() != keep.casefold()]
    holding = set(
        DeliveryItem.objects.filter(delivery__in=elsewhere, unit__in=units).values_list(
            "delivery_id", flat=True
        )
    )
    revoke_links(delivery_ids=sorted(holding))
    waiting = [row.pk for row in elsewhere if row.status == DeliveryStatus.QUEUED]
    DeliveryItem.objects.filter(delivery__in=waiting, unit__in=units).delete()


def _hurry_waiting(
    units: list[KeyUnit], earlier: list[Delivery], recipient: str
) -> Delivery | None:
    """The message to the same address that holds all these units and has not left, made due."""
    wanted = {unit.pk for unit in units}
    for row in earlier:
        if (
            row.status == DeliveryStatus.QUEUED
            and row.recipient.casefold() == recipient.casefold()
            and wanted <= set(row.items.values_list("unit_id", flat=True))
        ):
            Delivery.objects.filter(pk=row.pk).update(next_run_at=timezone.now())
            return row
    return None


def _create(
    key_order: KeyOrder, units: list[KeyUnit], recipient: str, note: str, actor: Actor
) -> Delivery:
    delivery = Delivery.objects.create(
        order_id=key_order.order_id,
        order_number=key_order.order_number,
        channel_id=key_order.channel_id,
        channel_slug=key_order.channel_slug,
        language_code=key_order.language_code,
        recipient=recipient,
        kind=DeliveryKind.RESEND,
        note=note[:500],
        user_id=actor.user_id,
        app_id=actor.app_id,
    )
    held = KeyUnit.objects.filter(pk__in=[unit.pk for unit in units])
    announced = set(held.filter(delivery_items__is_initial=True).values_list("pk", flat=True))
    # What was never announced is now, so that no first message follows on its own.
    DeliveryItem.objects.bulk_create(
        DeliveryItem(delivery=delivery, unit=unit, is_initial=unit.pk not in announced)
        for unit in units
    )
    return delivery


def _record(
    key_order: KeyOrder, units: list[KeyUnit], delivery: Delivery, note: str, actor: Actor
) -> None:
    message = f"{delivery.recipient}: {note}" if note else delivery.recipient
    timeline.record(
        key_order_id=key_order.pk,
        type=EventType.DELIVERY_QUEUED,
        message=message,
        data={
            "delivery": str(delivery.uid),
            "units": [unit.number for unit in units],
            "kind": DeliveryKind.RESEND.value,
        },
        actor=actor,
    )
