"""The circuit breaker of a supplier account: pausing it when it fails, and trying it out again.

While an account is paused no order asks it, so a supplier that is down costs no worker's time and
no order its tries. What waits meanwhile is looked at again when the account works.

A pause is known by its ``paused_until``, told by the database's clock: what a trial finds out
counts for the pause that it was made for, and not for one that came while it was on its way.

Questions and orders are counted apart: a supplier that tells prices may yet fail at every order.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.acquisition.balances import Reading, note_balance, read_balance
from saleor_cdkeys.acquisition.resume import resume_waiting
from saleor_cdkeys.acquisition.trial import ask_supplier
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.backoff import backoff
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import Supplier, SupplierMapping
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, PauseReason

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 3600.0
#: Pauses that follow each other are counted so far; the pause does not grow beyond that anyway.
_MOST_PAUSES = 20

_QUESTION_FAILED = """
UPDATE saleor_cdkeys_supplier SET failures = least(failures + 1, 30000)
WHERE id = %s RETURNING failures
"""
_ORDER_FAILED = """
UPDATE saleor_cdkeys_supplier SET order_failures = least(order_failures + 1, 30000)
WHERE id = %s RETURNING order_failures
"""

# Whoever moves the time on tries it out; another sweep at the same moment does not.
_TAKE_TRIAL = """
UPDATE saleor_cdkeys_supplier
SET paused_until = statement_timestamp() + make_interval(secs => %s),
    pauses = least(pauses + 1, %s)
WHERE id = %s AND pause_reason <> '' AND paused_until <= statement_timestamp()
RETURNING paused_until
"""


def note_failure(*, supplier_id: int, message: str, is_order: bool = False) -> None:
    """The supplier failed once more; after CDKEYS_PAUSE_AFTER in a row it is paused.

    ``is_order``: at an order rather than at a question that buys nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ORDER_FAILED if is_order else _QUESTION_FAILED, [supplier_id])
        row = cursor.fetchone()
    most = int(conf.get("CDKEYS_PAUSE_AFTER"))
    if row is not None and 0 < most <= row[0]:
        pause(supplier_id=supplier_id, reason=PauseReason.ERRORS, message=message)


def note_answer(*, supplier: Supplier, is_order: bool = False) -> None:
    """The supplier gave a clear answer, a no among them: it did not fail this time.

    Costs nothing where nothing was counted when ``supplier`` was read.
    """
    name = "order_failures" if is_order else "failures"
    if getattr(supplier, name):
        Supplier.objects.filter(pk=supplier.pk, pause_reason="").update(**{name: 0})
        setattr(supplier, name, 0)


def note_success(*, supplier_id: int) -> None:
    """The supplier took an order: whatever was counted against it, and told of it, is over."""
    counted = Supplier.objects.filter(pk=supplier_id, pause_reason="")
    with transaction.atomic():
        is_news = counted.exclude(failures=0, order_failures=0, pauses=0).update(
            failures=0, order_failures=0, pauses=0
        )
        if is_news:
            resolve_alerts(subject=_subject(supplier_id), kind=AlertKind.SUPPLIER_PAUSED)


def pause(*, supplier_id: int, reason: PauseReason, message: str) -> bool:
    """Buy nothing there until it was tried out, and tell staff. A pause that is on stays as it is.

    Each pause that follows a trial in vain is longer. False where a CDKEYS_PAUSE_AFTER of 0 has
    switched pausing off. For want of money (BALANCE) the supplier is asked what is left, so no
    transaction may be open then.
    """
    if int(conf.get("CDKEYS_PAUSE_AFTER")) <= 0:
        return False
    supplier = Supplier.objects.get(pk=supplier_id)
    left = None
    if reason == PauseReason.BALANCE and not supplier.pause_reason:
        # Now, as what was told before may have been spent, and staff may top it up from here on.
        left = _what_is_left(supplier)
    # Together, or a worker that dies or is overtaken leaves a pause without an alert, or an alert
    # without a pause.
    with transaction.atomic():
        paused = Supplier.objects.filter(pk=supplier_id, pause_reason="").update(
            pause_reason=reason,
            pause_message=message[:500],
            paused_until=Now() + _length(supplier.pauses),
            pause_balance_amount=left,
            pauses=F("pauses") + 1 if supplier.pauses < _MOST_PAUSES else F("pauses"),
        )
        if paused:
            raise_alert(
                kind=AlertKind.SUPPLIER_PAUSED,
                subject=_subject(supplier_id),
                message=_told(reason) % {"supplier": supplier.name, "message": message},
            )
    return True


def _told(reason: PauseReason) -> str:
    if reason == PauseReason.BALANCE:
        return _(
            "Nothing is bought at %(supplier)s for now: %(message)s Top it up; what waits goes on "
            "when the balance rose."
        )
    return _(
        "Nothing is bought at %(supplier)s for now: %(message)s It is tried out by itself; what "
        "waits goes on when it works."
    )


def _what_is_left(supplier: Supplier) -> Decimal | None:
    """The balance at this moment; None where it is not told, or cannot be now."""
    try:
        balance = read_balance(supplier=supplier)
    except CdKeysError:
        return None
    except Exception as error:
        log_failure(logger, f"The balance of supplier {supplier.pk} failed", error)
        return None
    return None if balance is None else balance.amount


def resume(*, supplier_id: int) -> None:
    """End a pause, and look again at the orders that wait for one of the supplier's products."""
    with transaction.atomic():
        _end_pause(supplier_id, Supplier.objects.filter(pk=supplier_id))
        # It outlasts a pause that ended without proof; staff have looked now.
        resolve_alerts(subject=_subject(supplier_id), kind=AlertKind.SUPPLIER_PAUSED)


def _end_pause(supplier_id: int, rows: QuerySet[Supplier], *, is_proven: bool = True) -> bool:
    """Whether it was on. Without proof that the supplier sells again, the alert stays open."""
    with transaction.atomic():
        ended = rows.exclude(pause_reason="").update(
            pause_reason="",
            pause_message="",
            paused_until=None,
            pause_balance_amount=None,
            failures=0,
            order_failures=0,
        )
        if ended:
            if is_proven:
                resolve_alerts(subject=_subject(supplier_id), kind=AlertKind.SUPPLIER_PAUSED)
            resume_products(supplier_id=supplier_id)
    return bool(ended)


def resume_products(*, supplier_id: int) -> None:
    """Look again at the orders that wait for a product which is mapped to this supplier."""
    waited_for = SupplierMapping.objects.filter(
        supplier_id=supplier_id,
        is_active=True,
        key_product__key_orders__status=KeyOrderStatus.WAITING,
    )
    products = waited_for.order_by("key_product_id").values_list("key_product_id", flat=True)
    for key_product_id in products.distinct():
        resume_waiting(key_product_id=key_product_id)


def try_out_paused() -> int:
    """Try out the paused accounts whose time has come; returns how many work again.

    Nothing is bought for that: the balance or a price is asked for. An account without money works
    when there is more on it. Where its balance is not told, or the account was not accepted before,
    it gets its next order; if that is refused, the next pause is longer.
    """
    return sum(_try_out(supplier) for supplier in _due())


def _due() -> Iterator[Supplier]:
    due = Supplier.objects.filter(is_active=True, paused_until__lte=Now()).exclude(pause_reason="")
    for supplier in due:
        with connection.cursor() as cursor:
            length = _length(supplier.pauses).total_seconds()
            cursor.execute(_TAKE_TRIAL, [length, _MOST_PAUSES, supplier.pk])
            taken = cursor.fetchone()
        if taken is not None:
            (supplier.paused_until,) = taken
            yield supplier


def _try_out(supplier: Supplier) -> bool:
    # By now staff may have ended the pause, and it may have failed again since.
    same_pause = Supplier.objects.filter(pk=supplier.pk, paused_until=supplier.paused_until)
    try:
        told = ask_supplier(supplier=supplier)
    except CdKeysError as error:
        same_pause.update(pause_message=str(error)[:500])
        return False
    except Exception as error:
        log_failure(logger, f"Trying out supplier {supplier.pk} failed", error)
        return False
    if told.reading is not None:
        note_balance(supplier=supplier, reading=told.reading)
        if supplier.pause_reason == PauseReason.BALANCE and not _has_risen(
            supplier, told.reading, same_pause
        ):
            return False
    # A price proves no more than that the account is let in.
    is_proven = told.reading is not None or supplier.pause_reason == PauseReason.ERRORS
    return _end_pause(supplier.pk, same_pause, is_proven=is_proven)


def _has_risen(supplier: Supplier, reading: Reading, same_pause: QuerySet[Supplier]) -> bool:
    """Whether there is more on the account than was too little.

    Orders that were under way may take some yet, so it is the least in this pause that counts.
    """
    least, left = supplier.pause_balance_amount, reading.balance.amount
    if least is not None and left > least:
        return True
    same_pause.update(pause_balance_amount=left)
    return False


def _length(pauses: int) -> dt.timedelta:
    return backoff(pauses, base=float(conf.get("CDKEYS_PAUSE_SECONDS")), longest=_LONGEST_PAUSE)


def _subject(supplier_id: int) -> str:
    return f"supplier:{supplier_id}"
