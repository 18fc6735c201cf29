"""Buying at G2A from order to delivery: three steps, any of which may be the last one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.models import Alert, Purchase
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, PurchaseStatus, Reason
from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, Shop
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier, run
from tests.purchasing.books import run_again, run_until_at_rest, sold_codes, statuses, stored_codes

PRODUCT = "10000068865002"


@pytest.fixture
def g2a():
    shop = Shop([Product(PRODUCT, Decimal("5.00"))], late_seconds=0.3)
    with G2AServer(
        shop, api_hash="hash-1", email="shop@example.com", api_secret="secret-1", hang_seconds=1.0
    ) as server:
        yield server


@pytest.fixture
def product(channel, db, g2a):
    supplier = make_supplier(
        name="G2A", adapter="g2a", config={"base_url": g2a.base_url, "email": "shop@example.com"}
    )
    secrets = {"api_hash": "hash-1", "api_secret": "secret-1"}
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets=secrets)
    supplier.save()
    product = make_key_product(channel=channel, source="suppliers", price="20.00")
    make_mapping(product, supplier, PRODUCT)
    return product


def _payments(g2a: G2AServer) -> int:
    return sum(call.startswith("PUT") for call in g2a.requests)


def test_three_keys_are_three_orders(channel, product, g2a):
    order = buy(channel=channel, lines=[(product, 3)])
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert statuses() == [PurchaseStatus.COMPLETED] * 3
    assert stored_codes() == sold_codes(g2a)
    assert {purchase.charged_amount for purchase in Purchase.objects.all()} == {Decimal("5.00")}
    assert {purchase.sealed_answer for purchase in Purchase.objects.all()} == {None}
    assert _payments(g2a) == 3


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.DROP_AFTER, Fault.GARBAGE])
def test_what_was_paid_for_is_fetched_and_not_paid_for_again(channel, product, g2a, fault):
    g2a.script.queue([fault])
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUTCOME_UNKNOWN)

    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert stored_codes() == sold_codes(g2a)
    assert _payments(g2a) == 1


def test_what_was_not_paid_for_is_bought_anew_when_it_cannot_be_paid_for(channel, product, g2a):
    g2a.script.queue([Fault.DROP_BEFORE])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    row = run_again(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUTCOME_UNKNOWN)
    assert statuses() == [PurchaseStatus.UNKNOWN]
    assert 59 < (row.next_run_at - row.updated_at).total_seconds() <= 60
    assert _payments(g2a) == 1

    g2a.orders.pass_time(minutes=36)
    Purchase.objects.update(sent_at=F("sent_at") - dt.timedelta(minutes=36), next_check_at=None)
    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert statuses() == [PurchaseStatus.COMPLETED] * 2
    assert stored_codes() == sold_codes(g2a)
    assert len(g2a.shop.ledger) == 1
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_an_order_that_was_not_clearly_made_is_made_again(channel, product, g2a):
    g2a.order_script.queue([Fault.DROP_AFTER])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    assert statuses() == [PurchaseStatus.NOT_SENT]

    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert len(g2a.shop.ledger) == 1
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_a_key_that_was_kept_by_a_worker_that_died_is_delivered(channel, product, g2a, monkeypatch):
    from saleor_cdkeys.suppliers.g2a import reading

    class Died(BaseException):
        pass

    def die(_body):
        raise Died

    order = buy(channel=channel, lines=[(product, 1)])
    with monkeypatch.context() as patched, pytest.raises(Died):
        patched.setattr(reading, "read_key", die)
        run(order)

    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert stored_codes() == sold_codes(g2a)
    assert sum("/key/" in call for call in g2a.requests) == 1


def test_a_key_that_is_lost_is_told_to_staff_and_not_bought_again(channel, product, g2a):
    g2a.key_script.queue([Fault.DROP_AFTER])
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    for _round in range(8):
        row = run_again(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_PENDING)
    (alert,) = Alert.objects.filter(resolved_at=None)
    assert alert.kind == AlertKind.OUTCOME_UNKNOWN
    assert "ask G2A's support" in alert.message
    assert _payments(g2a) == 1
