"""Keys that must not leave before their product's moment, though a message with them waits.

Nothing is queued before that moment; but a message may wait for the mail server when staff set it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import timeline
from saleor_cdkeys.delivery.claim import lock_owned
from saleor_cdkeys.models import Delivery, DeliveryItem, KeyUnit
from saleor_cdkeys.statuses import DeliveryKind, EventType, UnitStatus


def release_of(*, unit_ids: Collection[int]) -> dt.datetime | None:
    """Before when the units must not leave: the latest moment of any; None if all may.

    What the customer has already is no secret any more.
    """
    moments = [moment for _pk, _key_order, moment in _unreleased(Q(pk__in=unit_ids))]
    return max(moments, default=None)


@transaction.atomic
def take_out(*, delivery: Delivery) -> None:
    """Take what is not released out of a first message: it goes with one of its own on its day.

    Committed before the message is put together, which may find nothing left. Raises LeaseLost.
    """
    if delivery.kind != DeliveryKind.INITIAL:
        return
    lock_owned(delivery=delivery)
    found = _unreleased(Q(delivery_items__delivery=delivery))
    unit_ids = [pk for pk, _key_order, _moment in found]
    DeliveryItem.objects.filter(delivery=delivery, unit__in=unit_ids).delete()
    for key_order_id, moment in sorted({(key_order, moment) for _pk, key_order, moment in found}):
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.NOTE,
            message=not_before(moment),
            data={"delivery": str(delivery.uid)},
        )


def not_before(moment: dt.datetime) -> str:
    """Why a message has to wait."""
    day = timezone.localtime(moment).strftime("%Y-%m-%d %H:%M %Z")
    return _("The keys may not leave before %(moment)s, the release of the product.") % {
        "moment": day
    }


def _unreleased(which: Q) -> list[tuple[int, int, dt.datetime]]:
    """Those of the units, as their id, their key order's and the moment that they wait for."""
    units = KeyUnit.objects.filter(
        which, status=UnitStatus.FILLED, key_order__key_product__release_at__gt=Now()
    )
    rows = units.values_list("pk", "key_order_id", "key_order__key_product__release_at")
    return [(pk, key_order, moment) for pk, key_order, moment in rows if moment is not None]
