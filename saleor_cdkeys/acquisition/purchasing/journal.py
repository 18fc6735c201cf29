"""The journal of purchases: the only writer of their status.

A purchase is CREATED before its request leaves, and UNKNOWN from the commit before that on, because
a process may die at any moment after it. Only a clear answer ends it.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from decimal import Decimal

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys import conf, lease, timeline, vault
from saleor_cdkeys.acquisition.purchasing import releases
from saleor_cdkeys.acquisition.purchasing.offers import Offer
from saleor_cdkeys.alerts import resolve_alerts
from saleor_cdkeys.backoff import backoff
from saleor_cdkeys.errors import EncryptionKeyError, LeaseLost, SealBroken
from saleor_cdkeys.models import KeyOrder, Purchase
from saleor_cdkeys.statuses import OPEN_PURCHASES, EventType, PurchaseStatus
from saleor_cdkeys.values import SYSTEM, Actor

#: The longest pause, in seconds, between two look-ups of a purchase.
_LONGEST_PAUSE = 3600.0
#: Seconds between the tries of keeping an answer while the database is away. Two minutes in all, in
#: which one fails over to another; the lease lasts longer.
_WAITS = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)


def alert_subject(purchase_id: int) -> str:
    """The subject that alerts about this purchase carry."""
    return f"purchase:{purchase_id}"


def write_down(*, key_order_id: int, lease_token: uuid.UUID, offer: Offer) -> Purchase:
    """Commit what is about to be bought. Nothing has left yet. Raises LeaseLost."""
    mapping, unit_price = offer.mapping, offer.quote.unit_price
    is_converted = offer.rate is not None and offer.rate.date is not None
    with transaction.atomic():
        lease.lock_owned(key_order_id=key_order_id, lease_token=lease_token)
        purchase = Purchase.objects.create(
            key_order_id=key_order_id,
            supplier_id=mapping.supplier_id,
            mapping=mapping,
            supplier_product_id=mapping.supplier_product_id,
            quantity=offer.quantity,
            unit_price_amount=unit_price.amount,
            max_unit_price_amount=offer.highest.amount,
            currency=unit_price.currency,
            exchange_rate=offer.rate.value if offer.rate and is_converted else None,
            exchange_rate_date=offer.rate.date if offer.rate and is_converted else None,
            is_preorder=offer.quote.is_preorder,
            release_date=offer.quote.release_date,
        )
        timeline.record(
            key_order_id=key_order_id,
            type=EventType.PURCHASE_CREATED,
            message=f"{offer.quantity} × {unit_price} · {mapping.supplier.name}",
            data={
                "purchase": purchase.pk,
                "reference": str(purchase.reference),
                "supplier": mapping.supplier_id,
                "supplier_product": mapping.supplier_product_id,
            },
        )
    return purchase


def mark_sent(*, purchase: Purchase, lease_token: uuid.UUID) -> None:
    """Commit that the request may leave from now on, so the outcome is unknown until it is told.

    Raises LeaseLost where another worker owns the key order, or closed the purchase meanwhile.
    """
    with transaction.atomic():
        lease.lock_owned(key_order_id=purchase.key_order_id, lease_token=lease_token)
        sent = Purchase.objects.filter(pk=purchase.pk, status=PurchaseStatus.CREATED).update(
            status=PurchaseStatus.UNKNOWN, sent_at=Now()
        )
        if not sent:
            raise LeaseLost(f"Purchase {purchase.pk} was closed by another worker.")


def close_unsent(*, purchase: Purchase, lease_token: uuid.UUID, answer: str) -> None:
    """End a purchase whose request surely never left. Raises LeaseLost."""
    with transaction.atomic():
        lease.lock_owned(key_order_id=purchase.key_order_id, lease_token=lease_token)
        close(purchase_id=purchase.pk, status=PurchaseStatus.NOT_SENT, answer=answer)


def close(*, purchase_id: int, status: PurchaseStatus, answer: str, actor: Actor = SYSTEM) -> None:
    """End a purchase that clearly brought nothing; one that has ended already is left alone."""
    with transaction.atomic():
        purchase = lock(purchase_id)
        if purchase.status not in OPEN_PURCHASES:
            return
        purchase.status = status
        purchase.answer = answer[:500]
        purchase.finished_at = timezone.now()
        purchase.next_check_at = None
        purchase.save()
        record_answer(purchase, message=answer, actor=actor)
        resolve_alerts(subject=alert_subject(purchase_id))


def keep_answer(*, purchase: Purchase, raw: bytes) -> None:
    """Keep an answer sealed before it is read: where reading it fails, its keys are not lost.

    Some suppliers hand a key out a single time. So a database that is away, as one is that restarts
    or fails over, is waited for.
    """
    sealed = vault.seal_answer(raw, reference=purchase.reference)
    for wait in (*_WAITS, None):
        try:
            Purchase.objects.filter(pk=purchase.pk).update(sealed_answer=sealed)
            return
        except (OperationalError, InterfaceError):
            if wait is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(wait)


def kept_answer(*, purchase: Purchase) -> bytes:
    """What was kept of the last answer that brought keys; nothing where it does not open."""
    if purchase.sealed_answer is None:
        return b""
    try:
        return vault.open_answer(purchase.sealed_answer, reference=purchase.reference)
    except (EncryptionKeyError, SealBroken):
        return b""


def note_order(*, purchase_id: int, supplier_order_id: str) -> None:
    """Commit the supplier's id of an order before it is paid for there."""
    Purchase.objects.filter(pk=purchase_id).update(supplier_order_id=supplier_order_id[:128])


def stay_open(
    *,
    purchase_id: int,
    answer: str,
    supplier_order_id: str = "",
    retry_after: float | None = None,
    counts: bool = True,
) -> Purchase:
    """It is still not clear, or not complete: say when to look again, seldomer each time.

    ``retry_after``: seconds that the supplier asked us to wait. ``counts``: whether it was a
    look-up that ought to have made it clear.
    """
    with transaction.atomic():
        purchase = lock(purchase_id)
        if purchase.status not in OPEN_PURCHASES:
            return purchase
        told = purchase.answer != answer[:500]
        purchase.answer = answer[:500]
        purchase.supplier_order_id = supplier_order_id[:128] or purchase.supplier_order_id
        purchase.next_check_at = next_check(purchase, retry_after)
        if counts:
            purchase.checks += 1
        purchase.save()
        if told:
            record_answer(purchase, message=answer)
        return purchase


def next_check(purchase: Purchase, retry_after: float | None = None) -> dt.datetime:
    """When to look a purchase up next, by an answer that has just come.

    At once where something happened while it was asked for, such as a message that it is complete:
    the answer may be older than that.
    """
    poked = KeyOrder.objects.filter(pk=purchase.key_order_id, poked_at__isnull=False)
    if not retry_after and poked.exists():
        return timezone.now()
    return timezone.now() + pause(purchase, retry_after)


def pause(purchase: Purchase, retry_after: float | None = None) -> dt.timedelta:
    """How long to wait before the next look-up of a purchase."""
    if retry_after:
        return dt.timedelta(seconds=retry_after)
    base = float(conf.get("CDKEYS_LOOKUP_SECONDS"))
    longest = releases.DAY if releases.is_awaited(purchase) else _LONGEST_PAUSE
    return releases.not_past_release(purchase, backoff(purchase.checks, base=base, longest=longest))


def next_look(*, key_order_id: int) -> dt.datetime | None:
    """When what is under way for a key order is to be looked up; None where nothing is."""
    under_way = Purchase.objects.filter(key_order_id=key_order_id, status__in=OPEN_PURCHASES)
    times = list(under_way.values_list("next_check_at", flat=True))
    return min((at or timezone.now() for at in times), default=None)


def seconds_since_sent(purchase: Purchase) -> float:
    """How long ago the request may have left, by the database's clock, which also told when.

    A worker's own clock may be ahead, and would take a request that is on its way for one that
    never arrived.
    """
    since: dt.timedelta = Purchase.objects.values_list(
        ExpressionWrapper(Now() - F("sent_at"), output_field=DurationField()), flat=True
    ).get(pk=purchase.pk)
    return since.total_seconds()


def seconds_until_check(purchase: Purchase) -> float:
    """How many seconds until the next look-up is due; zero or less if it is."""
    if purchase.next_check_at is None:
        return 0.0
    return (purchase.next_check_at - timezone.now()).total_seconds()


def take_up_again(*, key_order_id: int) -> None:
    """Staff looked at it: buy again where a review forbade it, and look up now what is unclear.

    Call it inside the transaction that takes the key order up again.
    """
    purchases = Purchase.objects.filter(key_order_id=key_order_id)
    for purchase in purchases.exclude(review=""):
        resolve_alerts(subject=alert_subject(purchase.pk))
    purchases.exclude(review="").update(review="")
    purchases.filter(status__in=OPEN_PURCHASES).update(next_check_at=None)


def lock(purchase_id: int) -> Purchase:
    """The row, locked. Where its key order is locked too, that comes first."""
    return Purchase.objects.select_for_update(no_key=True).get(pk=purchase_id)


def record_answer(
    purchase: Purchase, *, message: str, key_count: int = 0, actor: Actor = SYSTEM
) -> None:
    """A row in the timeline of the key order for what the supplier said."""
    charged: Decimal | None = purchase.charged_amount
    timeline.record(
        key_order_id=purchase.key_order_id,
        type=EventType.PURCHASE_ANSWERED,
        message=message,
        data={
            "purchase": purchase.pk,
            "status": purchase.status,
            "keys": key_count,
            "charged": None if charged is None else str(charged),
            "currency": purchase.currency,
        },
        actor=actor,
    )
