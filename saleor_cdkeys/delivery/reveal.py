"""The one place where codes are opened.

Whoever gets to see a code, the fact is committed first: the key is marked exposed, the access is
written down, and only then is the seal broken. A crash in between leaves a record of something
that was not seen, never the other way round.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import timeline, vault
from saleor_cdkeys.delivery.contents import SHOWABLE
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.host.orders import owners_of
from saleor_cdkeys.models import Delivery, DeliveryLink, Key, KeyAccess, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import AccessKind, EventType, KeyStatus, UnitStatus
from saleor_cdkeys.values import SYSTEM, Actor, KeyCode


@dataclasses.dataclass(frozen=True, slots=True)
class RevealedUnit:
    """A code in clear text, and which unit of which key order it is."""

    unit_id: int
    key_order_id: int
    number: int
    code: KeyCode


def reveal_for_staff(
    *, key_id: int, actor: Actor, guard: Callable[[Key], None] | None = None
) -> KeyCode:
    """The code of any key. One that was still for sale goes into quarantine: it was seen.

    ``guard`` gets the locked row, so that what it finds still holds, and refuses by raising.
    Raises InvalidInput where there is no such key.
    """
    with transaction.atomic(durable=True):
        key = Key.objects.select_for_update(no_key=True).filter(pk=key_id).first()
        if key is None:
            raise InvalidInput(_("There is no such key."), field="id", code="not_found")
        if guard is not None:
            guard(key)
        # First out of stock: a key that is for sale and exposed does not exist in the database.
        if key.status == KeyStatus.AVAILABLE:
            key.status = KeyStatus.QUARANTINED
            key.exposed_at = timezone.now()
            key.save(update_fields=["status", "exposed_at"])
        _write_down([key], kind=AccessKind.STAFF_REVEAL, actor=actor)
    return _open(key)


def reveal_for_customer(*, unit_ids: Collection[int], actor: Actor) -> list[RevealedUnit]:
    """The codes of units for the customer who owns their orders, over the API.

    Holds what was delivered. Units of others, or that have no key to show, are left out: as if
    they did not exist. Whose an order is, Saleor says at this moment: an order that was placed
    without an account becomes its customer's when they make one.
    """
    if actor.user_id is None or actor.app_id is not None:
        return []
    with transaction.atomic(durable=True):
        own = _own_units(unit_ids, user_id=actor.user_id)
        keys = _lock_keys(Q(pk__in=own, status=UnitStatus.DELIVERED))
        _write_down(keys, kind=AccessKind.CUSTOMER_API, actor=actor)
    return _open_units(keys)


def _own_units(unit_ids: Collection[int], *, user_id: int) -> list[int]:
    pairs = KeyUnit.objects.filter(pk__in=unit_ids).values_list("pk", "key_order__order_id")
    order_of = dict(pairs)
    owners = owners_of(order_ids=set(order_of.values()))
    return [pk for pk, order_id in order_of.items() if owners.get(order_id) == user_id]


def reveal_for_link(
    *, link: DeliveryLink, ip: str | None, kind: AccessKind = AccessKind.CUSTOMER_REVEAL
) -> list[RevealedUnit]:
    """The codes of a private page, after the click. ``kind`` tells showing from downloading."""
    with transaction.atomic(durable=True):
        delivery = Delivery.objects.select_for_update(no_key=True).get(pk=link.delivery_id)
        keys = _lock_keys(Q(delivery_items__delivery=delivery))
        if keys and delivery.revealed_at is None:
            delivery.revealed_at = timezone.now()
            delivery.save(update_fields=["revealed_at"])
        _write_down(keys, kind=kind, actor=Actor(ip=ip), delivery_id=delivery.pk)
    return _open_units(keys)


def expose_for_mail(*, delivery_id: int) -> list[Key]:
    """Mark the keys of a delivery as mailed, in the caller's transaction, which has locked it.

    What it returns is opened with :func:`open_for_mail` once that transaction has committed.
    """
    keys = _lock_keys(Q(delivery_items__delivery_id=delivery_id))
    _write_down(keys, kind=AccessKind.MAILED, actor=SYSTEM, delivery_id=delivery_id)
    return keys


def open_for_mail(*, keys: list[Key]) -> list[RevealedUnit]:
    """The codes of keys that were marked as mailed and committed."""
    return _open_units(keys)


def _lock_keys(units: Q) -> list[Key]:
    """Live keys of those of the units that the customer may have.

    Their key orders are locked first, as whoever calls them off does: so a refund waits until the
    access is written down, or this until the refund is.
    """
    wanted = KeyUnit.objects.filter(units)
    key_orders = KeyOrder.objects.select_for_update(no_key=True).order_by("pk")
    list(key_orders.filter(pk__in=wanted.values("key_order_id")).values_list("pk"))
    keys = (
        Key.objects.select_for_update(no_key=True, of=("self",))
        .filter(status=KeyStatus.ASSIGNED, unit__status__in=SHOWABLE)
        .filter(unit__in=wanted.values("pk"))
        .select_related("unit")
        .order_by("unit__key_order_id", "unit__number")
    )
    return list(keys)


def _write_down(
    keys: Iterable[Key], *, kind: AccessKind, actor: Actor, delivery_id: int | None = None
) -> None:
    now = timezone.now()
    keys = list(keys)
    Key.objects.filter(pk__in=[key.pk for key in keys], exposed_at__isnull=True).update(
        exposed_at=now
    )
    KeyAccess.objects.bulk_create(
        KeyAccess(
            key=key,
            kind=kind,
            delivery_id=delivery_id,
            user_id=actor.user_id,
            app_id=actor.app_id,
            ip=actor.ip,
        )
        for key in keys
    )
    numbers: dict[int, list[int]] = defaultdict(list)
    for key in keys:
        if key.unit is not None:
            numbers[key.unit.key_order_id].append(key.unit.number)
    for key_order_id, unit_numbers in sorted(numbers.items()):
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.REVEALED,
            message=str(kind.label),
            data={"kind": kind.value, "units": unit_numbers},
            actor=actor,
        )


def _open(key: Key) -> KeyCode:
    return vault.open_code(key.sealed, uid=key.uid)


def _open_units(keys: Iterable[Key]) -> list[RevealedUnit]:
    return [
        RevealedUnit(
            unit_id=key.unit.pk,
            key_order_id=key.unit.key_order_id,
            number=key.unit.number,
            code=_open(key),
        )
        for key in keys
        if key.unit is not None
    ]
