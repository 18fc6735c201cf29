"""Reading what a supplier lists as changed since it was asked last."""

from __future__ import annotations

import datetime as dt

from saleor_cdkeys import conf
from saleor_cdkeys.acquisition.freshness.noting import database_now, note
from saleor_cdkeys.acquisition.freshness.run import Run
from saleor_cdkeys.acquisition.freshness.sweeping import make_due
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.base import Changes

#: The supplier's clock is another one, and what it lists may be some minutes behind.
_OVERLAP = dt.timedelta(minutes=5)


def is_due(supplier: Supplier) -> bool:
    """Whether it is time to ask for changes again."""
    return supplier.changes_due_at is None or supplier.changes_due_at <= database_now()


def read_changes(*, supplier: Supplier, adapter: Changes, run: Run) -> None:
    """Read all changes since the last time, unless another worker does.

    The first time there is nothing to read: new mappings are asked for anyway. Where there are too
    many changes for one run, every mapping is asked for instead. Raises what the adapter does; the
    next time begins where this one did.
    """
    if not _take(supplier):
        return
    began = database_now()
    since = supplier.changes_read_until
    if since is not None and not _read_all(supplier.pk, adapter, since - _OVERLAP, run):
        make_due(supplier_id=supplier.pk)
    Supplier.objects.filter(pk=supplier.pk, changes_read_until=since).update(
        changes_read_until=began
    )


def _read_all(supplier_id: int, adapter: Changes, since: dt.datetime, run: Run) -> bool:
    """Whether the run was long enough for it."""
    page = ""
    while not run.is_over:
        asked_at = database_now()
        found = adapter.changes(since=since, page=page)
        products = {product.supplier_product_id: product for product in found.products}
        if products:
            run.has_flagged |= note(supplier_id=supplier_id, products=products, asked_at=asked_at)
        page = found.next_page
        if not page:
            return True
    return False


def _take(supplier: Supplier) -> bool:
    """Whoever moves the time on reads; another worker at the same moment does not."""
    later = database_now() + dt.timedelta(seconds=float(conf.get("CDKEYS_FRESHNESS_SECONDS")))
    same = Supplier.objects.filter(pk=supplier.pk, changes_due_at=supplier.changes_due_at)
    return bool(same.update(changes_due_at=later))
