"""The suppliers' own books, and what the shop's tables must say beside them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from chaos.fakes import BALANCE
from saleor_cdkeys.suppliers.fakes.entries import Entry, by_purchase, read_entries, recorded
from saleor_cdkeys.suppliers.sandbox_server.ledger import Ledger


@dataclasses.dataclass(frozen=True, slots=True)
class Audit:
    """``broken`` says what must never be; the rest is told."""

    broken: tuple[str, ...]
    sold_orders: int
    sold_keys: int
    in_stock: int
    parked_keys: int
    spent: Decimal
    unclear: Decimal
    statuses: Mapping[str, int]


def read_books(folder: Path, sellers: Iterable[str]) -> list[Entry]:
    """Everything that was sold and charged."""
    return [
        entry
        for name in sellers
        for entry in read_entries(name, Ledger(str(folder / f"{name}.sqlite")).sold())
    ]


def audit(entries: Sequence[Entry], *, folder: Path) -> Audit:
    """Compare the suppliers' books with the shop's tables."""
    from django.db.models import Count

    from saleor_cdkeys.models import Key, KeyOrder, Purchase
    from saleor_cdkeys.statuses import KeyStatus

    rows = {row.pk: row for row in Purchase.objects.select_related("supplier")}
    matched, unknown = by_purchase(entries, rows.values())
    broken = [
        f"{entry.seller} charged order {entry.id}, which the shop does not know"
        for entry in unknown
    ]
    broken += _bought_twice(rows, matched)
    missing, parked_keys = _lost(entries, rows, matched)
    broken += missing
    broken += _stuck()
    money, unclear = _money(rows, matched, entries, folder)
    broken += money
    statuses = KeyOrder.objects.order_by().values_list("status").annotate(Count("pk"))
    return Audit(
        broken=tuple(broken),
        sold_orders=len(entries),
        sold_keys=sum(len(entry.prints) for entry in entries),
        in_stock=Key.objects.filter(purchase__isnull=False, status=KeyStatus.AVAILABLE).count(),
        parked_keys=parked_keys,
        spent=sum((entry.charged for entry in entries), start=Decimal(0)),
        unclear=unclear,
        statuses=dict(statuses),
    )


def _bought_twice(rows: Mapping, matched: Mapping[int, list[Entry]]) -> Iterator[str]:
    times = Counter(
        print_ for entries in matched.values() for entry in entries for print_ in entry.prints
    )
    bought: Counter[int] = Counter()
    quantities: dict[int, int] = {}
    from saleor_cdkeys.models import KeyOrder

    for pk, entries in matched.items():
        if len(entries) > 1:
            yield f"purchase {rows[pk].reference} was charged {len(entries)} times"
        for entry in entries:
            # A code that was sold before is no key, and what comes beyond the order is a gift.
            usable = sum(times[print_] == 1 for print_ in entry.prints)
            bought[rows[pk].key_order_id] += min(usable, entry.quantity)
    quantities = dict(KeyOrder.objects.filter(pk__in=bought).values_list("pk", "quantity"))
    for key_order, count in bought.items():
        if count > quantities[key_order]:
            yield f"key order {key_order} wants {quantities[key_order]}, {count} were bought"


def _lost(
    entries: Sequence[Entry], rows: Mapping, matched: Mapping[int, list[Entry]]
) -> tuple[list[str], int]:
    """Charged keys that the shop does not have; those that staff were told of are counted."""
    from saleor_cdkeys.models import Key

    stored = {bytes(print_) for print_ in Key.objects.values_list("fingerprint", flat=True)}
    told = _told_of()
    broken, parked = [], 0
    for pk, found in matched.items():
        missing = [print_ for entry in found for print_ in entry.prints if print_ not in stored]
        if missing and pk in told:
            parked += len(missing)
        elif missing:
            broken.append(
                f"{len(missing)} keys of purchase {rows[pk].reference} are lost: it is "
                f"{rows[pk].status} ({rows[pk].answer})"
            )
    return broken, parked


def _told_of() -> set[int]:
    """Purchases with an open alert of their own."""
    from saleor_cdkeys.models import Alert

    subjects = Alert.objects.filter(resolved_at=None).values_list("subject", flat=True)
    return {
        int(subject.partition(":")[2]) for subject in subjects if subject.startswith("purchase:")
    }


def _stuck() -> Iterator[str]:
    """Key orders that are neither delivered nor parked with a reason and an alert."""
    from saleor_cdkeys.models import Alert, KeyOrder, Supplier
    from saleor_cdkeys.statuses import KeyOrderStatus

    alerts = Alert.objects.filter(resolved_at=None)
    alerted = set(alerts.values_list("key_order_id", flat=True))
    subjects = set(alerts.values_list("subject", flat=True))
    is_paused = Supplier.objects.exclude(pause_reason="").exists()
    for key_order in KeyOrder.objects.exclude(status=KeyOrderStatus.DELIVERED):
        is_told = key_order.pk in alerted or f"key_order:{key_order.pk}" in subjects
        is_told = is_told or f"key_product:{key_order.key_product_id}" in subjects or is_paused
        if not key_order.reason or not is_told:
            yield (
                f"key order {key_order.pk} is {key_order.status} ({key_order.reason or 'no reason'}"
                f"{'' if is_told else ', nobody told'})"
            )


def _money(
    rows: Mapping, matched: Mapping[int, list[Entry]], entries: Sequence[Entry], folder: Path
) -> tuple[list[str], Decimal]:
    """What left the accounts against what was written down, to the cent.

    Purchases that staff have to clear are left out on both sides; their sum comes back.
    """
    from saleor_cdkeys.statuses import OPEN_PURCHASES

    broken: list[str] = []
    unclear = Decimal(0)
    for seller in sorted({entry.seller for entry in entries}):
        balance = Ledger(str(folder / f"{seller}.sqlite")).balance() or Decimal(0)
        charged = sum((e.charged for e in entries if e.seller == seller), start=Decimal(0))
        if BALANCE - balance != charged:
            broken.append(f"{seller}'s own books: {BALANCE - balance} spent, {charged} charged")
    for pk, found in matched.items():
        charged = sum((entry.charged for entry in found), start=Decimal(0))
        if rows[pk].status in OPEN_PURCHASES or _is_for_staff(rows[pk]):
            unclear += charged
        elif recorded(rows[pk]) != charged:
            broken.append(
                f"purchase {rows[pk].reference}: {charged} charged, {recorded(rows[pk])} recorded"
            )
    for pk, purchase in rows.items():
        if pk not in matched and purchase.charged_amount:
            broken.append(
                f"purchase {purchase.reference}: {purchase.charged_amount} recorded, none charged"
            )
    return broken, unclear


def _is_for_staff(purchase: Any) -> bool:
    """What is wrong with its keys is alerted, and the supplier does not say what it took."""
    return bool(purchase.review) and purchase.charged_amount is None
