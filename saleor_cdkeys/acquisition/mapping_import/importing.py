"""Making mappings of the rows of a file, a chunk at a time, or showing what would come of it.

Each chunk is committed by itself. Doing it again adds what is missing and changes what the file
says otherwise, so a file that was broken off is simply given once more.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice

from django.db import transaction
from django.utils import timezone

from saleor_cdkeys.acquisition.freshness.alerting import tell_flags
from saleor_cdkeys.acquisition.mapping_import.outcomes import Outcome, Progress, RowReport
from saleor_cdkeys.acquisition.mapping_import.rows import Row, open_rows
from saleor_cdkeys.acquisition.mapping_import.targets import Targets
from saleor_cdkeys.acquisition.resume import resume_products
from saleor_cdkeys.acquisition.stock_import.source import Source
from saleor_cdkeys.models import KeyProduct, SupplierMapping

#: Rows that are committed together.
CHUNK_ROWS = 1000

#: Key product, supplier and the supplier's product: what makes a mapping.
_Identity = tuple[int, int, str]


def import_mappings(
    *,
    source: Source,
    is_preview: bool = False,
    encoding: str = "",
    progress: Callable[[Progress], None] | None = None,
    report: Callable[[RowReport], None] | None = None,
) -> Counter[Outcome]:
    """Map what the file says, and look again at orders that waited for one of the mappings.

    With ``is_preview`` nothing is written. ``report`` is called for each row in the order of the
    file, ``progress`` after each chunk; an error that they raise ends it. Raises InvalidInput if
    the file cannot be understood. Returns how many rows came to what.
    """
    counts: Counter[Outcome] = Counter()
    seen: dict[_Identity, int] = {}
    targets = Targets()
    with open_rows(source, encoding_name=encoding) as reading:
        while rows := list(islice(reading.rows, CHUNK_ROWS)):
            targets.assign(rows)
            _refuse_repeated(rows, seen)
            with contextlib.nullcontext() if is_preview else transaction.atomic():
                _map([row for row in rows if row.outcome is None], is_preview=is_preview)
            for row in rows:
                told = row.report()
                counts[told.outcome] += 1
                if report is not None:
                    report(told)
            if progress is not None:
                progress(Progress(row_count=counts.total(), fraction=reading.fraction()))
    return counts


def _refuse_repeated(rows: list[Row], seen: dict[_Identity, int]) -> None:
    for row in rows:
        if row.outcome is None:
            first_line = seen.setdefault(_identity(row), row.line)
            if first_line != row.line:
                row.refuse(Outcome.DUPLICATE_IN_FILE)
                row.first_line = first_line


def _identity(row: Row) -> _Identity:
    return row.key_product_id, row.supplier_id, row.supplier_product_id


def _map(rows: list[Row], *, is_preview: bool) -> None:
    """Say of each row what becomes of it, and unless it is a preview do so."""
    product_ids = sorted({row.key_product_id for row in rows})
    known: dict[_Identity, SupplierMapping] = {}
    next_positions: dict[int, int] = {}
    for mapping in _mappings_of(product_ids, is_preview=is_preview):
        product_id = mapping.key_product_id
        known[product_id, mapping.supplier_id, mapping.supplier_product_id] = mapping
        next_positions[product_id] = max(next_positions.get(product_id, 0), mapping.position + 1)
    new: list[SupplierMapping] = []
    changed: list[SupplierMapping] = []
    for row in rows:
        existing = known.get(_identity(row))
        if existing is None:
            row.outcome = Outcome.CREATED
            new.append(_new(row, next_positions))
        elif _change(existing, row):
            row.outcome = Outcome.CHANGED
            changed.append(existing)
        else:
            row.outcome = Outcome.EXISTS
    if not is_preview:
        SupplierMapping.objects.bulk_create(new)
        SupplierMapping.objects.bulk_update(
            changed, ["position", "is_active", "countries", "refresh_at"]
        )
        resume_products(key_product_ids={each.key_product_id for each in (*new, *changed)})
        for supplier_id in {each.supplier_id for each in changed if each.flag}:
            tell_flags(supplier_id=supplier_id)


def _mappings_of(product_ids: list[int], *, is_preview: bool) -> Iterable[SupplierMapping]:
    """What there is; unless it is a preview locked, in the order in which everybody does."""
    mappings = SupplierMapping.objects.filter(key_product_id__in=product_ids).order_by("pk")
    if is_preview:
        return mappings
    # Positions of a key product are given out one at a time, here and where staff map by hand.
    products = KeyProduct.objects.select_for_update(no_key=True).order_by("pk")
    list(products.filter(pk__in=product_ids).values_list("pk"))
    return mappings.select_for_update(no_key=True)


def _new(row: Row, next_positions: dict[int, int]) -> SupplierMapping:
    position = row.position
    if position is None:
        position = next_positions.get(row.key_product_id, 0)
    next_positions[row.key_product_id] = max(
        next_positions.get(row.key_product_id, 0), position + 1
    )
    return SupplierMapping(
        key_product_id=row.key_product_id,
        supplier_id=row.supplier_id,
        supplier_product_id=row.supplier_product_id,
        position=position,
        is_active=row.is_active is not False,
        countries=row.countries or "",
    )


def _change(mapping: SupplierMapping, row: Row) -> bool:
    """Take what the row says over; whether that is anything new."""
    before = _what_rows_say(mapping)
    was_active = mapping.is_active
    if row.position is not None:
        mapping.position = row.position
    if row.is_active is not None:
        mapping.is_active = row.is_active
    if row.countries is not None:
        mapping.countries = row.countries
    if mapping.is_active and not was_active:
        # Nobody asked for it while it was off.
        mapping.refresh_at = timezone.now()
    return before != _what_rows_say(mapping)


def _what_rows_say(mapping: SupplierMapping) -> tuple[int, bool, str]:
    return mapping.position, mapping.is_active, mapping.countries
