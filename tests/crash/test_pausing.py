"""Workers that die while they pause a supplier account, try it out or end its pause."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from unittest import mock

import pytest
from django.db.models.functions import Now

from saleor_cdkeys.acquisition import health, suppliers
from saleor_cdkeys.models import Alert, Supplier
from saleor_cdkeys.statuses import AlertKind, PauseReason
from saleor_cdkeys.suppliers.sandbox_server import SandboxServer, Shop
from tests.crash.dying import die_at_each_moment
from tests.factories.cdkeys import make_supplier

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("transactional_db")]


@pytest.fixture
def sandbox():
    with SandboxServer(Shop([], balance=Decimal(100)), hang_seconds=3.0) as server:
        yield server


def _account(number: int, sandbox: SandboxServer | None = None) -> Supplier:
    config = {"base_url": "http://127.0.0.1:1" if sandbox is None else sandbox.url}
    return make_supplier(name=f"Supplier {number}", config=config)


def _pause(supplier) -> None:
    health.pause(supplier_id=supplier.pk, reason=PauseReason.ERRORS, message="Down.")


def _paused(number: int, sandbox: SandboxServer | None = None) -> Supplier:
    supplier = _account(number, sandbox)
    _pause(supplier)
    return supplier


def _end_pause(supplier) -> None:
    suppliers.end_pause(supplier_id=supplier.pk)


def _untold(deaths) -> list[str]:
    """When workers died that left a pause without an alert, or an alert without a pause."""
    found = []
    for death in deaths:
        is_paused = Supplier.objects.get(pk=death.order.pk).pause_reason != ""
        is_told = Alert.objects.filter(
            kind=AlertKind.SUPPLIER_PAUSED, subject=f"supplier:{death.order.pk}", resolved_at=None
        ).exists()
        if is_paused != is_told:
            found.append(death.moment.label)
    return found


def test_a_pause_never_comes_without_its_alert():
    deaths = die_at_each_moment(_account, _pause, every=True)

    assert len(deaths) > 2
    assert _untold(deaths) == []


def test_the_end_of_a_pause_never_leaves_its_alert():
    deaths = die_at_each_moment(_paused, _end_pause, every=True)

    assert len(deaths) > 3
    assert _untold(deaths) == []


def test_apart_from_each_other_a_dead_worker_leaves_one_of_them():
    def pause_apart(supplier):
        with mock.patch.object(health.transaction, "atomic", contextlib.nullcontext):
            _pause(supplier)

    assert _untold(die_at_each_moment(_account, pause_apart, every=True)) != []


def test_a_trial_whose_worker_died_is_made_by_another(sandbox):
    def prepare(number):
        supplier = _paused(number, sandbox)
        Supplier.objects.filter(pk=supplier.pk).update(paused_until=Now())
        return supplier

    deaths = die_at_each_moment(prepare, lambda _supplier: health.try_out_paused())
    assert [death.moment.label for death in deaths] != []
    assert _untold(deaths) == []
    # Not before its time: whoever was to try it out may only be slow.
    left = list(Supplier.objects.exclude(pause_reason=""))
    assert not Supplier.objects.filter(paused_until__lte=Now()).exists()

    Supplier.objects.filter(paused_until__isnull=False).update(paused_until=Now())
    assert health.try_out_paused() == len(left)

    assert not Supplier.objects.exclude(pause_reason="").exists()
    assert not Alert.objects.filter(resolved_at=None).exists()
