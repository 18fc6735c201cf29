"""Workers that die or stall while they buy: nothing is bought twice, no paid key is lost."""

from __future__ import annotations

import time
from decimal import Decimal
from unittest import mock

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import Key, KeyOrder, Purchase
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.suppliers import http
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, SandboxServer, Shop
from tests.concurrency.promises import census
from tests.crash.dying import die_at_each_moment, everything_wrong, stall_at_each_moment
from tests.crash.recovery import recover
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier, place

pytestmark = pytest.mark.race


@pytest.fixture(params=["lasting", pytest.param("every", marks=pytest.mark.slow)])
def every(request):
    return request.param == "every"


@pytest.fixture(autouse=True)
def _never_paused(settings):
    """One account meets the faults of all these orders, and would be left alone after some."""
    settings.CDKEYS_PAUSE_AFTER = 0


@pytest.fixture
def sandbox(tmp_path):
    products = [Product(f"P{number}", Decimal("5.00")) for number in range(400)]
    with SandboxServer(Shop(products, late_seconds=0.0), hang_seconds=3.0) as server:
        yield server


def buying(shop, sandbox, *, source="suppliers", quantity=2, fault=None, stock=0):
    """Prepares an order of a product of its own, whose supplier's answer meets that fault."""
    supplier = make_supplier(config={"base_url": sandbox.url})

    def prepare(number):
        product = make_key_product(channel=shop, sku=f"game-{number}", source=source, stock=stock)
        make_mapping(product, supplier, f"P{number}")
        if fault is not None:
            sandbox.script.queue([fault], product=f"P{number}")
        return place(
            channel=shop, lines=[(product, quantity)], email=f"customer{number}@example.com"
        )

    return prepare


def note_and_run(order):
    note_order(order.pk)
    run_order(order_id=order.pk)


def double_buys(sandbox, orders):
    """What was bought for more than one order's worth, by the supplier's own books."""
    sold = [entry.product for entry in sandbox.shop.ledger.values()]
    twice = {product for product in sold if sold.count(product) > 1}
    return sorted(twice) + sandbox.shop.refused_references + ([] if len(sold) == orders else [sold])


@pytest.mark.parametrize("fault", [None, Fault.DROP_AFTER, Fault.LATE])
def test_an_order_that_is_bought(shop, mails, sandbox, every, fault):
    deaths = die_at_each_moment(buying(shop, sandbox, fault=fault), note_and_run, every=every)
    recover()

    assert everything_wrong(deaths, mails) == {}
    orders = len(deaths) + 1
    assert double_buys(sandbox, orders) == []
    assert Key.objects.count() == sum(
        len(entry.all_keys()) for entry in sandbox.shop.ledger.values()
    )
    assert census() == {"assigned": 2 * orders}


def test_an_order_of_stock_and_bought_keys(shop, mails, sandbox, every):
    prepare = buying(shop, sandbox, source="stock_then_suppliers", quantity=3, stock=1)

    deaths = die_at_each_moment(prepare, note_and_run, every=every)
    recover()

    assert everything_wrong(deaths, mails) == {}
    orders = len(deaths) + 1
    assert double_buys(sandbox, orders) == []
    assert census() == {"assigned": 3 * orders}


def test_a_look_up_of_what_was_bought(shop, mails, sandbox, every):
    """The answer was lost; the worker that looks it up dies."""
    prepare = buying(shop, sandbox, fault=Fault.DROP_AFTER)

    def prepared(number):
        order = prepare(number)
        note_and_run(order)
        return order

    def look_up(order):
        KeyOrder.objects.filter(order_id=order.pk).update(next_run_at=timezone.now())
        Purchase.objects.filter(key_order__order_id=order.pk).update(next_check_at=None)
        run_order(order_id=order.pk)

    deaths = die_at_each_moment(prepared, look_up, every=every)
    recover()

    assert everything_wrong(deaths, mails) == {}
    assert double_buys(sandbox, len(deaths) + 1) == []
    assert census() == {"assigned": 2 * (len(deaths) + 1)}


def test_a_worker_that_buys_blindly_after_a_crash_buys_twice(shop, mails, sandbox):
    """The control: without the journal's memory the supplier's books show double purchases."""
    deaths = die_at_each_moment(buying(shop, sandbox), note_and_run)
    Purchase.objects.filter(keys__isnull=True).delete()
    recover()

    assert double_buys(sandbox, len(deaths) + 1) != []


@pytest.fixture
def soon(settings):
    """A request must have left half a second after it was written down."""
    settings.CDKEYS_QUIET_SECONDS = 1.0


def recover_later():
    time.sleep(0.6)
    recover()


def test_a_stalled_worker_does_not_buy_what_others_bought_meanwhile(shop, mails, sandbox, soon):
    stalls = stall_at_each_moment(buying(shop, sandbox), note_and_run, meanwhile=recover_later)
    recover()

    assert everything_wrong(stalls, mails) == {}
    assert double_buys(sandbox, len(stalls) + 1) == []
    assert census() == {"assigned": 2 * (len(stalls) + 1)}


def test_a_stalled_worker_without_a_deadline_buys_twice(shop, mails, sandbox, soon):
    def note_and_run_for_ever(order):
        with mock.patch.object(http, "_stopping_after", return_value=lambda *_event: None):
            note_and_run(order)

    stalls = stall_at_each_moment(
        buying(shop, sandbox), note_and_run_for_ever, meanwhile=recover_later
    )
    recover()

    assert double_buys(sandbox, len(stalls) + 1) != []


def test_a_stalled_worker_that_forgets_whose_order_it_is_harms(shop, mails, sandbox, soon):
    lock = journal.lease.lock_owned

    def note_and_run_blindly(order):
        def taken(*, key_order_id, lease_token):
            token = KeyOrder.objects.values_list("lease_token", flat=True).get(pk=key_order_id)
            return lock(key_order_id=key_order_id, lease_token=token)

        with (
            mock.patch.object(journal.lease, "lock_owned", taken),
            mock.patch.object(journal.lease, "renew", return_value=None),
        ):
            note_and_run(order)

    stalls = stall_at_each_moment(
        buying(shop, sandbox), note_and_run_blindly, meanwhile=recover_later
    )
    recover()

    assert double_buys(sandbox, len(stalls) + 1) + list(everything_wrong(stalls, mails)) != []
