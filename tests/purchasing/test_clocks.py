"""A worker whose clock is a minute ahead takes nothing for over that is not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys import lease
from saleor_cdkeys.delivery.claim import claim
from saleor_cdkeys.errors import LeaseLost
from saleor_cdkeys.models import Delivery, KeyOrder
from saleor_cdkeys.statuses import DeliveryStatus, PurchaseStatus
from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.factories.cdkeys import buy, key_orders, run
from tests.purchasing.books import statuses


@pytest.fixture
def clock_ahead(monkeypatch, settings):
    """Call it to put this worker's clock a minute ahead; leases and quiet periods are shorter."""
    settings.CDKEYS_LEASE_SECONDS = 30
    settings.CDKEYS_QUIET_SECONDS = 30.0
    right = timezone.now

    def put() -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + dt.timedelta(minutes=1))

    return put


def test_it_does_not_take_what_another_owns(channel, product, clock_ahead):
    order = buy(channel=channel, lines=[(product, 1)])
    _token, owned = lease.claim_due(order_id=order.pk)
    assert len(owned) == 1

    clock_ahead()

    assert lease.claim_due(order_id=order.pk)[1] == []


def test_a_lease_that_ended_is_taken(channel, product):
    order = buy(channel=channel, lines=[(product, 1)])
    lease.claim_due(order_id=order.pk)
    KeyOrder.objects.update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert lease.claim_due(order_id=order.pk)[1] == [key_orders(order)[0].pk]


def test_it_does_not_send_what_another_sends(channel, product, clock_ahead):
    run(buy(channel=channel, lines=[(product, 1)]))
    Delivery.objects.update(status=DeliveryStatus.QUEUED, next_run_at=timezone.now())
    (delivery_id,) = Delivery.objects.values_list("pk", flat=True)
    claim(delivery_id=delivery_id)

    clock_ahead()

    with pytest.raises(LeaseLost):
        claim(delivery_id=delivery_id)


def test_it_does_not_buy_again_what_may_be_on_its_way(channel, product, sandbox, clock_ahead):
    sandbox.script.queue([Fault.DROP_BEFORE])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    assert statuses() == [PurchaseStatus.UNKNOWN]

    clock_ahead()
    KeyOrder.objects.update(next_run_at=Now())
    run(order)

    assert "GET /orders" in sandbox.requests
    assert statuses() == [PurchaseStatus.UNKNOWN]
    assert sandbox.shop.ledger == {}
