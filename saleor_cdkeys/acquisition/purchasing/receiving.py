"""Storing what a supplier sold. It is paid for, so every key is kept, whatever happened meanwhile.

No lease is asked for: a worker that lost its key order still has keys in its hands that nobody else
may ever get. Keys that find no open unit become stock.
"""

from __future__ import annotations

import dataclasses
from decimal import ROUND_HALF_UP, Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import vault
from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.models import Key, KeyOrder, KeyUnit, Purchase
from saleor_cdkeys.statuses import (
    OPEN_PURCHASES,
    AlertKind,
    KeyStatus,
    PurchaseStatus,
    Reason,
    UnitStatus,
)
from saleor_cdkeys.suppliers.base import SuppliedKey, SupplierOrder
from saleor_cdkeys.values import Money

_CENTS = Decimal("0.0001")


@dataclasses.dataclass(slots=True)
class _Harvest:
    """What became of an answer's keys. ``usable``: how many the purchase has brought in all."""

    filled: int = 0
    surplus: int = 0
    usable: int = 0
    unusable: int = 0
    duplicate: int = 0

    @property
    def new(self) -> int:
        return self.filled + self.surplus

    @property
    def is_sound(self) -> bool:
        return not (self.unusable or self.duplicate)


@dataclasses.dataclass(frozen=True, slots=True)
class Received:
    """The purchase as it stands now, and how many units of its key order it filled."""

    purchase: Purchase
    filled: int


def receive(*, purchase_id: int, order: SupplierOrder) -> Received:
    """Store the keys of a supplier's order, fill open units, and end the purchase if it is done.

    May be called again with the same or a longer answer: a key is stored once. What is wrong with
    the answer is alerted, and stops further buying for the key order until staff looked at it.
    """
    with transaction.atomic():
        key_order_id = Purchase.objects.values_list("key_order_id", flat=True).get(pk=purchase_id)
        key_order = KeyOrder.objects.select_for_update(no_key=True).get(pk=key_order_id)
        purchase = journal.lock(purchase_id)
        purchase.supplier_order_id = order.supplier_order_id[:128] or purchase.supplier_order_id
        _note_charge(purchase, order)
        harvest = _store_all(purchase, key_order, order)
        _conclude(purchase, order, harvest)
    if harvest.surplus:
        stock.wake_waiting(key_product_id=key_order.key_product_id)
    return Received(purchase=purchase, filled=harvest.filled)


def _note_charge(purchase: Purchase, order: SupplierOrder) -> None:
    """Remember what was taken, and tell staff where it is more than was allowed."""
    charged = order.charged
    if charged is None:
        return
    highest = Money(purchase.max_unit_price_amount, purchase.currency)
    allowed = highest.times(purchase.quantity * _times_made(order))
    if charged.currency == purchase.currency:
        purchase.charged_amount = charged.amount.quantize(_CENTS, rounding=ROUND_HALF_UP)
        if charged <= allowed:
            return
    raise_alert(
        kind=AlertKind.CHARGED_TOO_MUCH,
        subject=journal.alert_subject(purchase.pk),
        message=_(
            "%(supplier)s charged %(charged)s for purchase %(reference)s; at most %(allowed)s was "
            "agreed. Claim the difference."
        )
        % {
            "supplier": purchase.supplier.name,
            "charged": charged,
            "reference": purchase.reference,
            "allowed": allowed,
        },
        key_order_id=purchase.key_order_id,
    )


def _store_all(purchase: Purchase, key_order: KeyOrder, order: SupplierOrder) -> _Harvest:
    units = list(key_order.units.filter(status=UnitStatus.OPEN).order_by("number"))
    cost = _cost_of_one(purchase, order)
    stored = {
        bytes(row.fingerprint): row.supplier_key_id
        for row in purchase.keys.only("fingerprint", "supplier_key_id")
    }
    seen: set[bytes] = set()
    harvest = _Harvest()
    for item in order.keys:
        fingerprint = b"" if item.code.is_empty else vault.fingerprint(item.code)
        if not fingerprint:
            harvest.unusable += 1
        elif fingerprint in seen:
            harvest.duplicate += 1
        elif fingerprint not in stored:
            key = _new_key(purchase, key_order, item, cost=cost)
            # Their id must not cost a key that was paid for: it is only a remark where it repeats.
            if key.supplier_key_id in stored.values():
                key.supplier_key_id = ""
            if not _store(key, unit=units[0] if units else None):
                harvest.duplicate += 1
                continue
            stored[fingerprint] = key.supplier_key_id
            if units:
                units.pop(0)
                harvest.filled += 1
            else:
                harvest.surplus += 1
        seen.add(fingerprint)
    harvest.usable = len(stored)
    return harvest


def _cost_of_one(purchase: Purchase, order: SupplierOrder) -> Decimal:
    """What one key cost: its share of the charge, or the quoted price where none was told."""
    if purchase.charged_amount is None:
        return purchase.unit_price_amount
    count = len(order.keys) if order.is_final else purchase.quantity * _times_made(order)
    return (purchase.charged_amount / max(count, 1)).quantize(_CENTS, rounding=ROUND_HALF_UP)


def _times_made(order: SupplierOrder) -> int:
    """How many orders the supplier made of our one request."""
    return max(len(order.repeated_ids), 1)


def _new_key(purchase: Purchase, key_order: KeyOrder, item: SuppliedKey, *, cost: Decimal) -> Key:
    key = Key(
        key_product_id=key_order.key_product_id,
        kind=item.code.kind,
        fingerprint=vault.fingerprint(item.code),
        hint=item.code.hint,
        purchase=purchase,
        supplier_key_id=item.supplier_key_id[:128],
        cost_amount=cost,
        cost_currency=purchase.currency,
    )
    key.sealed = vault.seal_code(item.code, uid=key.uid)
    return key


def _store(key: Key, *, unit: KeyUnit | None) -> bool:
    """Insert a key, for a unit or as stock; False if its code is in the tables already."""
    key.unit = unit
    key.status = KeyStatus.AVAILABLE if unit is None else KeyStatus.ASSIGNED
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        return False
    if unit is not None:
        KeyUnit.objects.filter(pk=unit.pk).update(status=UnitStatus.FILLED)
    return True


def _conclude(purchase: Purchase, order: SupplierOrder, harvest: _Harvest) -> None:
    before = purchase.status
    if before == PurchaseStatus.COMPLETED and not harvest.new:
        return
    was_open = before in OPEN_PURCHASES
    # Of several orders all keys are waited for: those of the others are paid for as well.
    is_filled = harvest.usable >= purchase.quantity and not order.repeated_ids
    is_done = order.is_final or is_filled
    purchase.answer = _summary(purchase, order, harvest)
    if is_done:
        purchase.review = _review(purchase, harvest)
    elif not was_open:
        # It was closed, and now it turns out that the supplier is at it: a person must follow it.
        purchase.review = Reason.SHORT_DELIVERY
    if is_done or not was_open:
        purchase.status = PurchaseStatus.COMPLETED
        purchase.finished_at = timezone.now()
        purchase.next_check_at = None
    else:
        purchase.status = PurchaseStatus.ACCEPTED
        purchase.next_check_at = journal.next_check(purchase)
        purchase.checks += 1
    if is_done and harvest.is_sound:
        purchase.sealed_answer = None
    purchase.save()
    if harvest.new or purchase.status != before:
        journal.record_answer(purchase, message=purchase.answer, key_count=harvest.new)
    _tell_staff(purchase, order, harvest, was_open=was_open)


def _review(purchase: Purchase, harvest: _Harvest) -> Reason:
    """Why staff must look before more is bought: something was paid for that the shop lacks."""
    if harvest.duplicate:
        return Reason.DUPLICATE_CODE
    if harvest.unusable:
        return Reason.SHORT_DELIVERY
    if harvest.usable >= purchase.quantity:
        return Reason.NONE
    fair = purchase.unit_price_amount * harvest.usable
    if purchase.charged_amount is not None and purchase.charged_amount <= fair:
        return Reason.NONE
    return Reason.SHORT_DELIVERY


def _summary(purchase: Purchase, order: SupplierOrder, harvest: _Harvest) -> str:
    text = _("%(usable)d of %(quantity)d keys came.") % {
        "usable": harvest.usable,
        "quantity": purchase.quantity,
    }
    if harvest.duplicate:
        text += " " + _("%d of its codes are known already.") % harvest.duplicate
    if harvest.unusable:
        text += " " + _("%d came without a code.") % harvest.unusable
    if harvest.surplus:
        text += " " + _("%d nobody waits for went to stock.") % harvest.surplus
    if order.repeated_ids:
        text += " " + _("The supplier made several orders of one request: %(orders)s.") % {
            "orders": ", ".join(order.repeated_ids)
        }
    return text[:500]


def _tell_staff(
    purchase: Purchase, order: SupplierOrder, harvest: _Harvest, *, was_open: bool
) -> None:
    subject = journal.alert_subject(purchase.pk)
    if purchase.status == PurchaseStatus.COMPLETED:
        resolve_alerts(subject=subject, kind=AlertKind.OUTCOME_UNKNOWN)
    is_as_ordered = not order.repeated_ids and harvest.usable <= purchase.quantity
    if was_open and not purchase.review and is_as_ordered:
        return
    what = purchase.answer
    if not was_open:
        what += " " + _("It had been closed as not sold before.")
    if order.repeated_ids:
        what += " " + _(
            "Order %(number)s needs one of them. The keys of all are kept; return soon what you do "
            "not want to sell."
        ) % {"number": purchase.key_order.order_number}
    raise_alert(
        kind=AlertKind.SUPPLIER_DELIVERY,
        subject=subject,
        message=_("%(supplier)s, purchase %(reference)s: %(what)s")
        % {"supplier": purchase.supplier.name, "reference": purchase.reference, "what": what},
        key_order_id=purchase.key_order_id,
    )
