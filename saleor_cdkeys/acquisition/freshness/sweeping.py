"""Asking for mapped products whose turn it is, many at once: that also finds who vanished."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol

from django.db import connection

from saleor_cdkeys.acquisition.freshness.noting import database_now, note
from saleor_cdkeys.acquisition.freshness.run import Run
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.suppliers.base import CatalogueProduct

#: Seconds for which the mappings that a worker took are left to it, even if it dies.
_TURN = 600

# Whoever moves the time on asks; a worker that comes at the same moment takes the next ones.
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM saleor_cdkeys_suppliermapping
    WHERE supplier_id = %(supplier)s AND is_active AND refresh_at <= statement_timestamp()
    ORDER BY refresh_at
    LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE saleor_cdkeys_suppliermapping AS mapping
SET refresh_at = statement_timestamp() + make_interval(secs => %(turn)s)
FROM due
WHERE mapping.id = due.id
RETURNING mapping.supplier_product_id, mapping.refresh_at
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """Products that this worker is to ask for; ``until`` is what their mappings carry meanwhile."""

    product_ids: tuple[str, ...]
    until: dt.datetime
    mapping_count: int


class Teller(Protocol):
    """Whoever can tell of several products; see ``Catalogue.products`` and ``noting.note``."""

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct | None]: ...


def sweep(*, supplier_id: int, teller: Teller, every: dt.timedelta, run: Run) -> None:
    """Ask for what is due, as far as the run goes; each is due again after ``every``.

    Raises what the adapter does; the mappings that it could not tell of have their turn again soon.
    """
    while not run.is_over:
        turn = take_turn(supplier_id=supplier_id, limit=run.next_batch())
        if turn is None:
            return
        asked_at = database_now()
        found = teller.products(ids=turn.product_ids)
        run.has_flagged |= note(
            supplier_id=supplier_id,
            products=found,
            missing=[known_as for known_as in turn.product_ids if known_as not in found],
            asked_at=asked_at,
            turn=(turn.until, asked_at + every),
        )
        run.asked_for += turn.mapping_count


def take_turn(*, supplier_id: int, limit: int) -> Turn | None:
    """Take mappings that are due, those first that waited longest; None where none is."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"supplier": supplier_id, "limit": limit, "turn": _TURN})
        rows = cursor.fetchall()
    if not rows:
        return None
    ids = tuple(dict.fromkeys(product_id for product_id, _until in rows))
    return Turn(product_ids=ids, until=rows[0][1], mapping_count=len(rows))


def make_due(*, supplier_id: int) -> None:
    """Have all mappings of a supplier asked for, as soon as there is time."""
    now = database_now()
    later = SupplierMapping.objects.filter(supplier_id=supplier_id, is_active=True)
    later.filter(refresh_at__gt=now).update(refresh_at=now)
