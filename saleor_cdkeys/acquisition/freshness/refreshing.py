"""One run over all suppliers: reading what changed, then asking for what is due."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from saleor_cdkeys import conf
from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.acquisition.freshness import changes, quoted
from saleor_cdkeys.acquisition.freshness.alerting import tell_flags
from saleor_cdkeys.acquisition.freshness.run import FIRST_BATCH, Run
from saleor_cdkeys.acquisition.freshness.sweeping import Teller, sweep
from saleor_cdkeys.errors import CdKeysError, ConfigurationError
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import Supplier, SupplierMapping
from saleor_cdkeys.suppliers.base import Catalogue, Changes, SupplierAdapter
from saleor_cdkeys.suppliers.rate_limit import Gate
from saleor_cdkeys.suppliers.registry import adapter_class

logger = logging.getLogger(__name__)

#: Where changes are listed, how long until a mapping is asked for all the same.
_SWEEP = dt.timedelta(days=1)


def refresh_mappings() -> int:
    """Ask suppliers for what is due about mapped products; returns for how many it asked.

    Paused accounts are left alone, and so is, for CDKEYS_FRESHNESS_SECONDS, one that could not
    tell. Workers that do this at once share the work. A run is bounded; the next one goes on.
    """
    return sum(_refresh(supplier) for supplier in _due())


def _due() -> Iterator[Supplier]:
    mapped = SupplierMapping.objects.filter(supplier=OuterRef("pk"), is_active=True)
    suppliers = Supplier.objects.filter(Exists(mapped), is_active=True, pause_reason="")
    for supplier in suppliers.annotate(has_due=Exists(mapped.filter(refresh_at__lte=Now()))):
        is_due = supplier.has_due or (_can(supplier, "changes") and changes.is_due(supplier))
        if is_due and _opens(supplier) and not _rest(supplier).seconds_to_wait():
            yield supplier


def _can(supplier: Supplier, capability: str) -> bool:
    return _opens(supplier) and bool(
        getattr(adapter_class(supplier.adapter).capabilities, capability)
    )


def _opens(supplier: Supplier) -> bool:
    try:
        adapter_class(supplier.adapter)
    except ConfigurationError:
        # Buying meets the same problem, and alerts it.
        return False
    return True


def _rest(supplier: Supplier) -> Gate:
    """How long it is left alone with questions about products; orders do not mind."""
    return Gate(account=f"{supplier.uid}:freshness")


def _refresh(supplier: Supplier) -> int:
    run = Run(first_batch=FIRST_BATCH if _can(supplier, "catalogue") else quoted.FIRST_BATCH)
    with _as_far_as_it_tells(supplier), open_account(supplier=supplier) as adapter:
        # One may work where the other fails.
        with _as_far_as_it_tells(supplier):
            _read_changes(supplier, adapter, run)
        with _as_far_as_it_tells(supplier):
            _sweep(supplier, adapter, run)
    if run.has_flagged:
        tell_flags(supplier_id=supplier.pk)
    return run.asked_for


def _read_changes(supplier: Supplier, adapter: SupplierAdapter, run: Run) -> None:
    if not (adapter.capabilities.changes and changes.is_due(supplier)):
        return
    if isinstance(adapter, Changes):
        changes.read_changes(supplier=supplier, adapter=adapter, run=run)


def _sweep(supplier: Supplier, adapter: SupplierAdapter, run: Run) -> None:
    teller: Teller = quoted.Quoted(adapter)
    if adapter.capabilities.catalogue and isinstance(adapter, Catalogue):
        teller = adapter
    every = _SWEEP if adapter.capabilities.changes else _pause()
    sweep(supplier_id=supplier.pk, teller=teller, every=every, run=run)


@contextlib.contextmanager
def _as_far_as_it_tells(supplier: Supplier) -> Iterator[None]:
    """Where it cannot tell, leave it alone for a while; what was due stays due."""
    try:
        yield
    except CdKeysError as error:
        seconds = max(getattr(error, "retry_after", None) or 0.0, _pause().total_seconds())
        _rest(supplier).pause(seconds)
        logger.info("Supplier %s cannot tell of its products: %s", supplier.pk, error.code)
    except Exception as error:
        _rest(supplier).pause(_pause().total_seconds())
        log_failure(logger, f"The catalogue of supplier {supplier.pk} failed", error)


def _pause() -> dt.timedelta:
    return dt.timedelta(seconds=float(conf.get("CDKEYS_FRESHNESS_SECONDS")))
