"""What a hook costs the checkout, against one bare query by an index on the same connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import Any

from bench.databases import Databases
from bench.display import Steps
from bench.measure import Measurement, Target, paired
from bench.options import Options

#: Calls of each sort in one turn.
_CALLS = 20
#: Seconds between two calls.
_PAUSE = 0.01

#: Well above what it costs, as a guard: the rest is building and reading two statements.
_TARGETS = {
    "order without key products": Target(at_most=20),
    "order with 1 key line": Target(at_most=25),
    "order with 20 key lines": Target(at_most=60),
}

_BARE = "SELECT id, variant_id, quantity FROM order_orderline WHERE order_id = %s"


def measure(options: Options, databases: Databases, steps: Steps) -> list[Measurement]:
    steps.expect(options.rounds + 1)
    with databases.using("hooks"):
        steps.begin("placing orders")
        hook = _hook()
        sorts = _orders(options.rounds)
        pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in sorts}
        for number in range(options.rounds):
            steps.begin(f"turn {number + 1} of {options.rounds}")
            for name, orders in sorts.items():
                mine = orders[number * _CALLS : (number + 1) * _CALLS]
                pairs[name].append(_turn(hook, mine))
    return [paired(f"hook, {name}", "ms", pairs[name], target) for name, target in _TARGETS.items()]


def _hook() -> Callable[[Any], object]:
    """Saleor's own way to the plugin."""
    from saleor.plugins.manager import get_plugins_manager

    manager = get_plugins_manager(allow_replica=False)
    return lambda order: manager.order_fully_paid(order)


def _turn(hook: Callable[[Any], object], orders: list[Any]) -> tuple[float, float]:
    """Medians in milliseconds. The bare query comes before each call, on the same rows."""
    ours, bare = [], []
    for order in orders:
        # Until the thread that sends the task of the last one is idle.
        time.sleep(_PAUSE)
        bare.append(_milliseconds(lambda order=order: _bare(order)))
        ours.append(_milliseconds(lambda order=order: hook(order)))
    return median(ours), median(bare)


def _milliseconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def _bare(order: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_BARE, [order.pk])
        cursor.fetchall()


def _orders(rounds: int) -> dict[str, list[Any]]:
    """Paid orders that the plugin has not heard of, by sort."""
    from django.db import connection

    from tests.factories import make_channel, make_order, make_variant
    from tests.factories.cdkeys import make_key_product, place

    channel = make_channel()
    games = [make_key_product(channel=channel, sku=f"game-{number}") for number in range(20)]
    shirt = make_variant(sku="shirt", channel=channel, price=Decimal(9))
    count = rounds * _CALLS
    sorts = {
        "order without key products": [
            make_order(channel, [(shirt, 1), (shirt, 2)]) for _ in range(count)
        ],
        "order with 1 key line": [
            place(channel=channel, lines=[(games[n % 20], 1)]) for n in range(count)
        ],
        "order with 20 key lines": [
            place(channel=channel, lines=[(game, 1) for game in games]) for _ in range(count)
        ],
    }
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return sorts
