"""How many keys there are of a product, and how many are wanted."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from django.db import connections
from django.db.models import Count

from saleor_cdkeys.acquisition.stock_sql import free_keys
from saleor_cdkeys.models import KeyUnit
from saleor_cdkeys.statuses import KeyOrderStatus, UnitStatus

#: Free keys of a product are counted up to here, so that the answer costs the same at any size.
COUNT_LIMIT = 100_000

_FREE = f"""
SELECT product.id, (SELECT count(*) FROM ({free_keys(product="product.id")} LIMIT %s) AS free)
FROM unnest(%s::bigint[]) AS product(id)
"""  # noqa: S608 - the names are constants

#: Unfinished key orders: keys are being obtained for them, or wait to leave.
_UNDER_WAY = (
    KeyOrderStatus.PROCESSING,
    KeyOrderStatus.WAITING,
    KeyOrderStatus.FAILED,
    KeyOrderStatus.FULFILLED,
)


@dataclasses.dataclass(frozen=True, slots=True)
class StockLevel:
    """``available`` keys are free (at most COUNT_LIMIT are counted), ``assigned`` set aside for
    customers who do not have them yet, ``waiting`` units still lack a key."""

    available: int
    assigned: int
    waiting: int


def stock_levels(*, key_product_ids: Collection[int], using: str) -> dict[int, StockLevel]:
    """The levels of these key products, read from the database connection of that name."""
    ids = sorted(set(key_product_ids))
    with connections[using].cursor() as cursor:
        cursor.execute(_FREE, [COUNT_LIMIT, ids])
        free = dict(cursor.fetchall())
    units = (
        KeyUnit.objects.using(using)
        .filter(key_order__key_product_id__in=ids, key_order__status__in=_UNDER_WAY)
        .filter(status__in=(UnitStatus.OPEN, UnitStatus.FILLED))
        .order_by()
        .values_list("key_order__key_product_id", "status")
        .annotate(count=Count("pk"))
    )
    counts = {(product, status): count for product, status, count in units}
    return {
        pk: StockLevel(
            available=free[pk],
            assigned=counts.get((pk, UnitStatus.FILLED), 0),
            waiting=counts.get((pk, UnitStatus.OPEN), 0),
        )
        for pk in ids
    }
