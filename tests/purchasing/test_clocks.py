"""A worker whose clock is a minute ahead takes nothing for over that is not.

Each scene is played a second time as a control: with code that goes by the worker's own clock.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Value
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys import lease
from saleor_cdkeys.acquisition import balances, health
from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.delivery import claim
from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.models import Delivery, KeyOrder, Supplier
from saleor_cdkeys.statuses import DeliveryStatus, PauseReason, PurchaseStatus
from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.factories.cdkeys import buy, key_orders, run
from tests.purchasing.books import statuses


@pytest.fixture
def clock_ahead(monkeypatch, settings):
    """Call it to put this worker's clock a minute ahead; whatever is waited for is shorter."""
    settings.CDKEYS_LEASE_SECONDS = 30
    settings.CDKEYS_QUIET_SECONDS = 30.0
    settings.CDKEYS_PAUSE_SECONDS = 30.0
    settings.CDKEYS_BALANCE_SECONDS = 30.0
    right = timezone.now

    def put() -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + dt.timedelta(minutes=1))

    return put


@pytest.fixture
def own_clock(monkeypatch):
    """Code that asks the worker's clock where it ought to ask the database's."""
    for module in (lease, claim, journal, health, balances):
        monkeypatch.setattr(module, "Now", lambda: Value(timezone.now()))
    by_own_clock = health._TAKE_TRIAL.replace("AND paused_until <= statement_timestamp()", "")
    assert by_own_clock != health._TAKE_TRIAL
    monkeypatch.setattr(health, "_TAKE_TRIAL", by_own_clock)


def _takes_what_another_owns(channel, product, clock_ahead) -> bool:
    order = buy(channel=channel, lines=[(product, 1)])
    _token, owned = lease.claim_due(order_id=order.pk)
    assert len(owned) == 1

    clock_ahead()

    return lease.claim_due(order_id=order.pk)[1] == owned


def test_it_does_not_take_what_another_owns(channel, product, clock_ahead):
    assert not _takes_what_another_owns(channel, product, clock_ahead)


def test_by_its_own_clock_it_would_take_it(channel, product, clock_ahead, own_clock):
    assert _takes_what_another_owns(channel, product, clock_ahead)


def test_a_lease_that_ended_is_taken(channel, product):
    order = buy(channel=channel, lines=[(product, 1)])
    lease.claim_due(order_id=order.pk)
    KeyOrder.objects.update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert lease.claim_due(order_id=order.pk)[1] == [key_orders(order)[0].pk]


def _sends_what_another_sends(channel, product, clock_ahead) -> bool:
    run(buy(channel=channel, lines=[(product, 1)]))
    Delivery.objects.update(status=DeliveryStatus.QUEUED, next_run_at=timezone.now())
    (delivery_id,) = Delivery.objects.values_list("pk", flat=True)
    claim.claim(delivery_id=delivery_id)

    clock_ahead()

    try:
        claim.claim(delivery_id=delivery_id)
    except LeaseLost:
        return False
    return True


def test_it_does_not_send_what_another_sends(channel, product, clock_ahead):
    assert not _sends_what_another_sends(channel, product, clock_ahead)


def test_by_its_own_clock_it_would_send_it(channel, product, clock_ahead, own_clock):
    assert _sends_what_another_sends(channel, product, clock_ahead)


def _bought_again(channel, product, sandbox, clock_ahead) -> list[str]:
    """What became of the purchases of an order whose request may still be on its way."""
    sandbox.script.queue([Fault.DROP_BEFORE])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    assert statuses() == [PurchaseStatus.UNKNOWN]

    clock_ahead()
    KeyOrder.objects.update(next_run_at=Now())
    run(order)

    assert "GET /orders" in sandbox.requests
    return statuses()


def test_it_does_not_buy_again_what_may_be_on_its_way(channel, product, sandbox, clock_ahead):
    assert _bought_again(channel, product, sandbox, clock_ahead) == [PurchaseStatus.UNKNOWN]
    assert sandbox.shop.ledger == {}


def test_by_its_own_clock_it_would_buy_again(channel, product, sandbox, clock_ahead, own_clock):
    assert _bought_again(channel, product, sandbox, clock_ahead) == [
        PurchaseStatus.NOT_SENT,
        PurchaseStatus.COMPLETED,
    ]


def _tries_out_too_early(supplier, clock_ahead) -> int:
    health.pause(supplier_id=supplier.pk, reason=PauseReason.ERRORS, message="Down.")
    clock_ahead()
    return health.try_out_paused()


def test_it_does_not_try_out_a_paused_supplier_before_its_time(supplier, sandbox, clock_ahead):
    assert _tries_out_too_early(supplier, clock_ahead) == 0
    assert sandbox.requests == []


def test_by_its_own_clock_it_would_try_it_out(supplier, clock_ahead, own_clock):
    assert _tries_out_too_early(supplier, clock_ahead) == 1


def _looks_twice(clock_ahead) -> list[int]:
    looked = [balances.watch_balances()]
    clock_ahead()
    return [*looked, balances.watch_balances()]


def test_it_does_not_ask_for_a_balance_before_its_time(supplier, clock_ahead):
    assert _looks_twice(clock_ahead) == [1, 0]
    assert Supplier.objects.get().balance_at <= timezone.now() - dt.timedelta(seconds=50)


def test_by_its_own_clock_it_would_ask_for_it(supplier, clock_ahead, own_clock):
    assert _looks_twice(clock_ahead) == [1, 1]
