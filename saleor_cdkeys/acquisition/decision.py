"""What staff decide about a purchase that no supplier makes clear, and what they read first."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import timeline, vault
from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.alerts import resolve_alerts
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import KeyOrder, Purchase
from saleor_cdkeys.statuses import OPEN_PURCHASES, EventType, PurchaseStatus, Reason
from saleor_cdkeys.values import Actor


def decide_purchase(*, purchase_id: int, bought: bool, note: str, actor: Actor) -> Purchase:
    """End an unclear purchase, or a review of one that brought too little.

    ``bought`` False: the supplier sold nothing, so the key order goes on and may buy anew. True: it
    did sell; its keys are typed by staff, and nothing more is bought until staff process the key
    order. ``note`` says how they know, and is recorded. A review is ended either way. Raises
    InvalidInput for an unknown or clear purchase, without a note, or while a worker is at it.
    """
    if not note.strip():
        raise InvalidInput(_("Say how you know."), field="note", code="required")
    with transaction.atomic():
        purchase = _locked_idle(purchase_id)
        if purchase.status in OPEN_PURCHASES:
            purchase.status = PurchaseStatus.COMPLETED if bought else PurchaseStatus.REFUSED
            purchase.review = Reason.SHORT_DELIVERY if bought else Reason.NONE
            purchase.finished_at = timezone.now()
            purchase.next_check_at = None
        elif purchase.review:
            purchase.review = Reason.NONE
        else:
            raise InvalidInput(
                _("The purchase is clear already; there is nothing to decide."),
                field="id",
                code="not_open",
            )
        purchase.answer = note.strip()[:500]
        purchase.save()
        journal.record_answer(purchase, message=note.strip(), actor=actor)
        resolve_alerts(subject=journal.alert_subject(purchase.pk))
        KeyOrder.objects.filter(pk=purchase.key_order_id).update(next_run_at=timezone.now())
    return purchase


def reveal_answer(*, purchase_id: int, actor: Actor) -> str:
    """The supplier's answer as it came, for staff: it could not be used, and may hold codes.

    Who looked and from where is recorded before it is returned. Raises InvalidInput for an unknown
    purchase, or one whose answer is not kept because its keys are stored.
    """
    with transaction.atomic():
        purchase = _find(purchase_id)
        if purchase.sealed_answer is None:
            raise InvalidInput(
                _("No answer is kept: there was none, or its keys are stored."),
                field="id",
                code="not_found",
            )
        raw = vault.open_answer(purchase.sealed_answer, reference=purchase.reference)
        timeline.record(
            key_order_id=purchase.key_order_id,
            type=EventType.REVEALED,
            message=_("The supplier's answer to a purchase was read."),
            data={"purchase": purchase.pk, "ip": actor.ip},
            actor=actor,
        )
    return raw.decode(errors="replace")


def _find(purchase_id: int) -> Purchase:
    purchase = Purchase.objects.select_related("supplier").filter(pk=purchase_id).first()
    if purchase is None:
        raise InvalidInput(_("There is no such purchase."), field="id", code="not_found")
    return purchase


def _locked_idle(purchase_id: int) -> Purchase:
    """The purchase, locked, of a key order that no worker owns at this moment."""
    key_order_id = _find(purchase_id).key_order_id
    key_order = KeyOrder.objects.select_for_update(no_key=True).get(pk=key_order_id)
    expires = key_order.lease_expires_at
    if expires is not None and expires > timezone.now():
        raise InvalidInput(
            _("The key order is being processed right now. Try again in a moment."),
            field="id",
            code="busy",
        )
    return journal.lock(purchase_id)
