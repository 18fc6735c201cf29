"""What became of the orders: how many of each kind, where their keys came from, how long it took."""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q
from rich.table import Table

from demo.customers import PlacedOrder
from demo.mail_sink import MailSink
from demo.shop import Kind
from demo.supplier import DemoSupplier
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason, UnitStatus

_RESTING = (KeyOrderStatus.DELIVERED, KeyOrderStatus.REFUNDED, KeyOrderStatus.CANCELED)


@dataclasses.dataclass
class Row:
    """The orders of one kind; counts are of units, except ``orders``. ``waits`` in seconds."""

    orders: int = 0
    units: int = 0
    delivered: int = 0
    sources: Counter[str] = dataclasses.field(default_factory=Counter)
    stands: Counter[str] = dataclasses.field(default_factory=Counter)
    waits: list[float] = dataclasses.field(default_factory=list)


def count(placed: Iterable[PlacedOrder], *, mails: MailSink) -> dict[Kind, Row]:
    orders = list(placed)
    rows: dict[Kind, Row] = defaultdict(Row)
    key_orders = _key_orders([order.number for order in orders])
    for order in orders:
        row = rows[order.planned.kind]
        row.orders += 1
        for key_order in key_orders[order.number]:
            row.units += key_order.quantity
            row.delivered += key_order.delivered
            row.sources["stock"] += key_order.from_stock
            row.sources["bought"] += key_order.bought
            row.sources["typed"] += key_order.keyed - key_order.from_stock - key_order.bought
            if key_order.status not in _RESTING:
                row.stands[_stand(key_order)] += 1
        came = mails.with_keys(order.planned.email)
        if came:
            row.waits.append(max(0.0, came[-1].received_at - order.paid_at))
    return {kind: rows[kind] for kind in Kind if kind in rows}


def _key_orders(numbers: list[str]) -> dict[str, list[KeyOrder]]:
    live = Q(units__keys__status=KeyStatus.ASSIGNED)
    rows = KeyOrder.objects.filter(order_number__in=numbers).annotate(
        delivered=Count("units", filter=Q(units__status=UnitStatus.DELIVERED), distinct=True),
        keyed=Count("units__keys", filter=live, distinct=True),
        from_stock=Count(
            "units__keys", filter=live & Q(units__keys__batch__isnull=False), distinct=True
        ),
        bought=Count(
            "units__keys", filter=live & Q(units__keys__purchase__isnull=False), distinct=True
        ),
    )
    found: dict[str, list[KeyOrder]] = defaultdict(list)
    for row in rows:
        found[row.order_number].append(row)
    return found


def _stand(key_order: KeyOrder) -> str:
    if key_order.reason:
        return str(Reason(key_order.reason).label)
    return str(KeyOrderStatus(key_order.status).label)


def table(rows: dict[Kind, Row]) -> Table:
    found = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    found.add_column("orders", width=22)
    for heading in ("", "units", "delivered", "stock", "bought", "typed"):
        found.add_column(heading, justify="right")
    found.add_column("paid → mailed", justify="right")
    found.add_column("90 %", justify="right")
    for kind, row in rows.items():
        found.add_row(
            kind.value,
            str(row.orders),
            str(row.units),
            _delivered(row),
            *(_or_dot(row.sources[source]) for source in ("stock", "bought", "typed")),
            *_times(row.waits),
        )
    total = _sum(rows.values())
    found.add_section()
    found.add_row(
        "all",
        str(total.orders),
        str(total.units),
        _delivered(total),
        *(_or_dot(total.sources[source]) for source in ("stock", "bought", "typed")),
        *_times(total.waits),
        style="bold",
    )
    return found


def waiting(rows: dict[Kind, Row]) -> list[str]:
    """Where the lines stand that are not delivered, the most frequent first."""
    stands = _sum(rows.values()).stands
    return [f"{count} × {text}" for text, count in stands.most_common()]


def supplier_line(supplier: DemoSupplier) -> str:
    """How the supplier behaved."""
    met = supplier.script.met
    bad = {fault: count for fault, count in met.items() if fault is not None}
    names = ", ".join(
        f"{count} × {fault.value.replace('_', ' ')}"
        for fault, count in sorted(bad.items(), key=lambda each: (-each[1], each[0]))
    )
    return f"{sum(met.values())} orders, {sum(bad.values())} answered badly: {names}"


def _sum(rows: Iterable[Row]) -> Row:
    total = Row()
    for row in rows:
        total.orders += row.orders
        total.units += row.units
        total.delivered += row.delivered
        total.sources += row.sources
        total.stands += row.stands
        total.waits += row.waits
    return total


def _delivered(row: Row) -> str:
    colour = "green" if row.delivered == row.units else "yellow"
    return f"[{colour}]{row.delivered}[/]"


def _or_dot(count: int) -> str:
    return str(count) if count else "[dim]·[/]"


def _times(waits: list[float]) -> tuple[str, str]:
    if not waits:
        return "[dim]·[/]", "[dim]·[/]"
    ninety = statistics.quantiles(waits, n=10)[-1] if len(waits) > 1 else waits[0]
    return f"{statistics.median(waits):.1f} s", f"{ninety:.1f} s"
