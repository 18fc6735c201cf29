"""Lists and the queue at a million key orders, against the same at a thousand.

The lists are asked for as the dashboard does, over GraphQL; the queue as the sweeper does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sized
from statistics import median
from typing import Any

from bench.aside import WorkFailed
from bench.databases import Databases, point_to
from bench.display import Steps
from bench.measure import Measurement, Target, paired
from bench.options import Options

#: Key orders in the small table.
_FEW = 1000
#: Calls of each query in one turn.
_CALLS = 15
#: What a list may take, as a multiple of what it takes in the small table.
_NEAR_ONE = Target(at_most=1.5)

_LIST = """
query($filter: CdKeyOrderFilterInput, $after: String) {
  cdKeyOrders(first: 20, after: $after, filter: $filter) {
    edges { node {
      id orderNumber email status reason quantity quantityFulfilled quantityDelivered
      keyProduct { id name } createdAt
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""

# As a shop has them after a while: nearly all are delivered, ten to each customer. The same number
# waits and is due in either table.
_KEY_ORDERS = """
WITH made AS (
    INSERT INTO saleor_cdkeys_keyorder (order_line_id, order_id, order_number, channel_id,
        channel_slug, key_product_id, variant_id, product_name, sku, email, language_code, quantity,
        unit_price_amount, currency, status, reason, detail, attempts, next_run_at,
        released_by_staff, paid_at, created_at, updated_at)
    SELECT gen_random_uuid(), gen_random_uuid(), n::text, %(channel)s, 'shop',
        %(product)s, 1, 'Game', '', 'customer' || n / 10 || '@example.com', 'en', 1, 20, 'EUR',
        CASE WHEN waits THEN 'waiting' ELSE 'delivered' END,
        CASE WHEN waits THEN 'out_of_stock' ELSE '' END, '', 0,
        CASE WHEN waits THEN now() - interval '1 minute' END, false,
        moment, moment, moment
    FROM generate_series(1, %(count)s) AS n,
        LATERAL (
            SELECT n %% (%(count)s / 100) = 1 AND n < %(count)s / 100 * 100,
                now() - (%(count)s - n) * interval '1 second'
        ) AS how(waits, moment)
    RETURNING id, status
)
INSERT INTO saleor_cdkeys_keyunit (key_order_id, number, status)
SELECT id, 1, CASE status WHEN 'waiting' THEN 'open' ELSE 'delivered' END FROM made
"""


def measure(options: Options, databases: Databases, steps: Steps) -> list[Measurement]:
    steps.expect(options.rounds + 3)
    with databases.using("few") as few, databases.using("many") as many:
        steps.begin(f"{_FEW:,} key orders")
        small = _Shop(few, key_orders=_FEW)
        steps.begin(f"{options.key_orders:,} key orders")
        large = _Shop(many, key_orders=options.key_orders)
        pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in small.queries}
        for number in range(options.rounds + 1):
            steps.begin(f"turn {number} of {options.rounds}")
            for name, found in pairs.items():
                found.append((large.milliseconds(name), small.milliseconds(name)))
    # The first turn warms up.
    return [paired(name, "ms", found[1:], _NEAR_ONE) for name, found in pairs.items()]


class _Shop:
    """A database with so many key orders, and what is asked of it, by name."""

    def __init__(self, url: str, *, key_orders: int) -> None:
        from tests.factories import make_app, make_channel
        from tests.graphql.client import Api

        self._url = url
        self._key_orders = key_orders
        point_to(url)
        app = make_app(["order.manage_orders", "product.manage_products"])
        self._api = Api(app=app)
        self._fill(make_channel())
        self.queries = self._queries()

    def milliseconds(self, name: str) -> float:
        """What a query takes, as a median."""
        point_to(self._url)
        query = self.queries[name]
        query()
        return median(_milliseconds(query) for _call in range(_CALLS))

    def _fill(self, channel: Any) -> None:
        from django.db import connection

        from tests.factories.cdkeys import make_key_product

        product = make_key_product(channel=channel, sku="game-1")
        values = {"count": self._key_orders, "channel": channel.pk, "product": product.pk}
        with connection.cursor() as cursor:
            cursor.execute(_KEY_ORDERS, values)
            cursor.execute("VACUUM ANALYZE")

    def _queries(self) -> Mapping[str, Callable[[], object]]:
        from saleor_cdkeys import sweeper
        from saleor_cdkeys.graphql.window import cursor_of
        from saleor_cdkeys.models import KeyOrder

        newest = KeyOrder.objects.order_by("-pk").values_list("pk", flat=True)[0]
        middle = newest - self._key_orders // 2
        number = str(self._key_orders // 2)
        email = f"customer{self._key_orders // 20}@example.com"
        return {
            "list, first page": lambda: self._list(20),
            "list, far down": lambda: self._list(20, after=cursor_of(middle)),
            "list, those that wait": lambda: self._list(20, filter={"status": ["WAITING"]}),
            "list, by e-mail": lambda: self._list(10, filter={"email": email}),
            "list, by number": lambda: self._list(1, filter={"orderNumber": number}),
            "sweeper, due orders": lambda: _expect(100, sweeper.due_orders(limit=1000)),
            "sweeper, all of it": lambda: sweeper.sweep(run=_nothing, send=_nothing),
        }

    def _list(self, rows: int, **variables: object) -> None:
        answer = self._api.post(_LIST, variables)
        if answer.errors:
            raise WorkFailed(answer.text)
        _expect(rows, answer.data["cdKeyOrders"]["edges"])


def _expect(count: int, rows: Sized) -> None:
    if len(rows) != count:
        raise WorkFailed(f"{len(rows)} rows came instead of {count}.")


def _nothing(_id: object) -> None:
    pass


def _milliseconds(query: Callable[[], object]) -> float:
    begin = time.perf_counter()
    query()
    return (time.perf_counter() - begin) * 1000
