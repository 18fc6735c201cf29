"""Workers that die while they take a supplier's message: what it told is not lost."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from decimal import Decimal
from unittest import mock

import pytest
from django.test import RequestFactory
from django.utils import timezone

from saleor_cdkeys.acquisition import hints
from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.intake import supplier_messages
from saleor_cdkeys.models import KeyOrder, Purchase
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, SandboxServer, Shop
from saleor_cdkeys.sweeper import due_orders
from tests.concurrency.promises import census
from tests.crash.dying import die_at_each_moment, everything_wrong
from tests.crash.recovery import recover
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier

pytestmark = pytest.mark.race

SECRET = "message-secret-4711"


@pytest.fixture
def sandbox():
    products = [Product(f"P{number}", Decimal("5.00")) for number in range(60)]
    with SandboxServer(Shop(products, late_seconds=0.2), hang_seconds=3.0) as server:
        yield server


@pytest.fixture
def supplier(transactional_db, sandbox):
    supplier = make_supplier(config={"base_url": sandbox.url})
    supplier.sealed_secrets = seal_secrets(
        supplier_uid=supplier.uid, secrets={"message_secret": SECRET}
    )
    supplier.save()
    return supplier


def _are_due(order) -> tuple[bool, bool]:
    """Whether the look-up is due, and whether the order is."""
    (purchase,) = Purchase.objects.filter(key_order__order_id=order.pk)
    return purchase.next_check_at <= timezone.now(), order.pk in due_orders(limit=1000)


@pytest.fixture
def prepare(shop, mails, supplier, sandbox):
    """Makes orders that the supplier has taken, and whose keys are looked for only in an hour."""

    def make(number):
        product = make_key_product(channel=shop, sku=f"game-{number}", source="suppliers")
        make_mapping(product, supplier, f"P{number}")
        sandbox.script.queue([Fault.LATE], product=f"P{number}")
        order = buy(channel=shop, lines=[(product, 1)], email=f"customer{number}@example.com")
        run_order(order_id=order.pk)
        later = timezone.now() + dt.timedelta(hours=1)
        rows = KeyOrder.objects.filter(order_id=order.pk)
        rows.update(next_run_at=later)
        Purchase.objects.filter(key_order__in=rows).update(next_check_at=later)
        return order

    return make


@pytest.fixture
def take(supplier):
    """Take a message about an order, as Saleor's web worker does."""

    def handle(order):
        (purchase,) = Purchase.objects.filter(key_order__order_id=order.pk)
        path = f"/supplier/{supplier.uid}/"
        request = RequestFactory().post(
            path,
            data=json.dumps({"order": purchase.supplier_order_id}),
            content_type="application/json",
            headers={"X-Sandbox-Secret": SECRET},
        )
        assert supplier_messages.handle(request, path).status_code == 204

    return handle


def test_a_message_is_taken_as_a_whole_or_not_at_all(prepare, take, mails, sandbox):
    deaths = die_at_each_moment(prepare, take, every=True)

    assert len(deaths) > 3
    # Who died before it was written down has not answered, so the supplier tells again.
    assert {_are_due(death.order) for death in deaths} == {(False, False), (True, True)}
    sandbox.stopping.wait(0.25)
    recover()
    assert everything_wrong(deaths, mails) == {}
    assert len(sandbox.shop.ledger) == len(deaths) + 1
    assert census() == {"assigned": len(deaths) + 1}


def test_apart_from_each_other_half_of_it_would_be_forgotten(prepare, take):
    def take_apart(order):
        with mock.patch.object(hints.transaction, "atomic", contextlib.nullcontext):
            take(order)

    deaths = die_at_each_moment(prepare, take_apart)

    assert (False, True) in {_are_due(death.order) for death in deaths}
