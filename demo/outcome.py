"""What became of the orders: how many of each kind, where the keys came from, and when."""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Count, Q
from rich.table import Table

from demo.customers import PlacedOrder
from demo.mail_sink import Mail, with_keys
from demo.shop import GET_NOTHING, Kind
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason, UnitStatus

_SOURCES = ("stock", "bought", "typed")
_COLOURS = {
    KeyOrderStatus.FAILED: "red",
    KeyOrderStatus.CANCELED: "dim",
    KeyOrderStatus.PENDING: "dim",
}
_STYLES = dict.fromkeys(GET_NOTHING, "dim")
_DOT = "[dim]·[/]"


@dataclasses.dataclass
class Row:
    """The orders of one kind. ``statuses`` and ``stands`` count order lines, ``owed``,
    ``delivered`` and ``sources`` keys; ``waits`` is in seconds from the payment to the last mail.
    """

    orders: int = 0
    owed: int = 0
    delivered: int = 0
    sources: Counter[str] = dataclasses.field(default_factory=Counter)
    statuses: Counter[KeyOrderStatus] = dataclasses.field(default_factory=Counter)
    stands: Counter[str] = dataclasses.field(default_factory=Counter)
    waits: list[float] = dataclasses.field(default_factory=list)

    def add(self, other: Row) -> None:
        self.orders += other.orders
        self.owed += other.owed
        self.delivered += other.delivered
        self.sources += other.sources
        self.statuses += other.statuses
        self.stands += other.stands
        self.waits += other.waits


def count(placed: Iterable[PlacedOrder], *, mails: Sequence[Mail]) -> dict[Kind, Row]:
    orders = list(placed)
    rows: dict[Kind, Row] = defaultdict(Row)
    key_orders = _key_orders([order.number for order in orders])
    for order in orders:
        row = rows[order.planned.kind]
        row.orders += 1
        row.owed += order.planned.owed
        for key_order in key_orders[order.number]:
            _add(row, key_order)
        came = with_keys(mails, recipient=order.planned.email)
        if came and order.paid_at is not None:
            row.waits.append(max(0.0, came[-1].received_at - order.paid_at))
    return {kind: rows[kind] for kind in Kind if kind in rows}


def _add(row: Row, key_order: KeyOrder) -> None:
    status = KeyOrderStatus(key_order.status)
    row.statuses[status] += 1
    row.delivered += key_order.delivered
    row.sources["stock"] += key_order.from_stock
    row.sources["bought"] += key_order.bought
    row.sources["typed"] += key_order.keyed - key_order.from_stock - key_order.bought
    if status in (KeyOrderStatus.WAITING, KeyOrderStatus.FAILED, KeyOrderStatus.PROCESSING):
        row.stands[str(Reason(key_order.reason).label or status.label)] += 1


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


def table(rows: dict[Kind, Row]) -> Table:
    found = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    found.add_column("orders", no_wrap=True)
    found.add_column("", justify="right")
    for heading in ("keys", "delivered", *_SOURCES, "mailed in", "90 % in"):
        found.add_column(heading, justify="right", no_wrap=True)
    found.add_column("undelivered")
    total = Row()
    for kind, row in rows.items():
        found.add_row(kind.value, *_cells(row), _undelivered(row), style=_STYLES.get(kind))
        total.add(row)
    found.add_row()
    found.add_row("all", *_cells(total), style="bold")
    return found


def _cells(row: Row) -> tuple[str, ...]:
    return (
        str(row.orders),
        _or_dot(row.owed),
        _delivered(row),
        *(_or_dot(row.sources[source]) for source in _SOURCES),
        *_times(row.waits),
    )


def _or_dot(number: int) -> str:
    return str(number) if number else _DOT


def _delivered(row: Row) -> str:
    if not row.owed and not row.delivered:
        return _DOT
    colour = "green" if row.delivered == row.owed else "yellow"
    return f"[{colour}]{row.delivered}[/]"


def _times(waits: list[float]) -> tuple[str, str]:
    if not waits:
        return _DOT, _DOT
    ninety = statistics.quantiles(waits, n=10)[-1] if len(waits) > 1 else waits[0]
    return f"{statistics.median(waits):.1f} s", f"{min(ninety, max(waits)):.1f} s"


def _undelivered(row: Row) -> str:
    """Where those order lines stand that are not delivered."""
    return " · ".join(
        f"[{_COLOURS.get(status, 'yellow')}]{number} {status.label.lower()}[/]"
        for status, number in row.statuses.most_common()
        if status is not KeyOrderStatus.DELIVERED
    )


def waiting(rows: dict[Kind, Row]) -> list[str]:
    """Where the order lines stand that wait, the most frequent first."""
    total = Row()
    for row in rows.values():
        total.add(row)
    return [f"{number} × {text}" for text, number in total.stands.most_common()]
