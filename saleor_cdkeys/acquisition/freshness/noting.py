"""Writing down what a supplier said about many products at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from saleor_cdkeys.acquisition.freshness import told
from saleor_cdkeys.acquisition.resume import resume_preorders, resume_products
from saleor_cdkeys.exchange.converting import Rates
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.statuses import MappingFlag
from saleor_cdkeys.suppliers.base import CatalogueProduct

#: Columns that are written, by their type.
_COLUMNS = {
    "price_amount": "numeric",
    "price_currency": "text",
    "available": "integer",
    "is_preorder": "boolean",
    "release_date": "date",
    "region": "text",
    "blocked_countries": "text",
    "seen_at": "timestamptz",
    "refresh_at": "timestamptz",
    "agreed": "jsonb",
    "flag": "text",
    "flagged_at": "timestamptz",
}
#: What is read besides, for the price guard and for who waits.
_READ = (
    "supplier_product_id",
    "is_active",
    "key_product__max_unit_cost_amount",
    "key_product__max_unit_cost_currency",
)
_WRITE = f"""
UPDATE saleor_cdkeys_suppliermapping AS mapping
SET {", ".join(f"{name} = told.{name}" for name in _COLUMNS)}
FROM jsonb_to_recordset(%s::jsonb)
    AS told (id bigint, {", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
WHERE mapping.id = told.id
"""  # noqa: S608 - the names are constants


def database_now() -> dt.datetime:
    """The time by the database's clock, one for all workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now


def note(
    *,
    supplier_id: int,
    products: Mapping[str, CatalogueProduct | None],
    asked_at: dt.datetime,
    missing: Collection[str] = (),
    turn: tuple[dt.datetime, dt.datetime] | None = None,
) -> bool:
    """Write down what was said about ``products``, and that those ``missing`` do not exist.

    Of a product that is None nothing was said but that it is not sold: the rest is as it was.
    ``asked_at``, by the database's clock, is when the supplier was asked: what was asked later and
    written earlier stays, so workers may meet. ``turn``: the ``refresh_at`` that whoever asks gave
    the mappings, and the one they get now; one that was made due meanwhile stays due. Returns
    whether any flag changed. Orders that wait for what can be had now, or for a release that moved,
    are looked at again.
    """
    rates = Rates.read()
    better: set[int] = set()
    moved: list[SupplierMapping] = []
    has_flagged = False
    with transaction.atomic():
        mappings = _locked(supplier_id, [*products, *missing], asked_at)
        for mapping in mappings:
            before = told.Said.by(mapping)
            product = products.get(mapping.supplier_product_id)
            if product is None:
                told.take_unsold(mapping, at=asked_at)
            else:
                told.take(mapping, product, at=asked_at)
            flag = MappingFlag.VANISHED
            if mapping.supplier_product_id in products:
                flag = told.flag_of(mapping, rates=rates)
            told.put_flag(mapping, flag, now=asked_at)
            has_flagged = has_flagged or mapping.flag != before.flag
            if turn is not None and mapping.refresh_at == turn[0]:
                mapping.refresh_at = turn[1]
            if told.is_better(before, mapping):
                better.add(mapping.key_product_id)
            if told.is_moved(before, mapping):
                moved.append(mapping)
        _write(mappings)
        resume_preorders(mappings=moved)
    resume_products(key_product_ids=better)
    return has_flagged


def _locked(
    supplier_id: int, product_ids: list[str], asked_at: dt.datetime
) -> list[SupplierMapping]:
    """By their id, so that two workers who write the same mappings wait in one direction only."""
    rows = SupplierMapping.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.filter(supplier_id=supplier_id, supplier_product_id__in=product_ids)
    rows = rows.exclude(seen_at__gte=asked_at).select_related("key_product")
    return list(rows.only(*_COLUMNS, *_READ).order_by("pk"))


def _write(mappings: list[SupplierMapping]) -> None:
    if not mappings:
        return
    rows = [_row(mapping) for mapping in mappings]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps(rows, cls=_Exactly)])


def _row(mapping: SupplierMapping) -> dict[str, Any]:
    return {"id": mapping.pk, **{name: getattr(mapping, name) for name in _COLUMNS}}


class _Exactly(DjangoJSONEncoder):
    """Django's, with all digits of a second: times are compared with what was read before."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.datetime) else super().default(value)
