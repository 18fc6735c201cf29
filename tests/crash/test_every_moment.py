"""Workers that die at any moment of their work, and what the sweeper makes of it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from saleor_cdkeys import tasks
from saleor_cdkeys.acquisition.stock import wake_waiting
from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import ChannelSettings, Delivery, Key, KeyOrder, KeyProduct
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import KeyOrderStatus, Reason, UnitStatus
from tests.concurrency.promises import census
from tests.crash.dying import die_at_each_moment, everything_wrong
from tests.crash.recovery import recover
from tests.factories.cdkeys import add_keys, key_orders, make_key_product, place

pytestmark = pytest.mark.race


@pytest.fixture(params=["lasting", pytest.param("every", marks=pytest.mark.slow)])
def every(request):
    """Whether workers die at every statement, or only where something lasts."""
    return request.param == "every"


def note_and_run(order):
    note_order(order.pk)
    run_order(order_id=order.pk)


def test_an_order_from_stock(shop, mails, every):
    def prepare(number):
        one = make_key_product(channel=shop, sku=f"one-{number}", source="stock", stock=3)
        two = make_key_product(channel=shop, sku=f"two-{number}", source="stock", stock=2)
        return place(
            channel=shop, lines=[(one, 2), (two, 1)], email=f"customer{number}@example.com"
        )

    deaths = die_at_each_moment(prepare, note_and_run, every=every)
    recover()

    assert everything_wrong(deaths, mails) == {}
    orders = len(deaths) + 1
    assert census() == {"assigned": 3 * orders, "available": 2 * orders}


def test_codes_in_the_mail_count_as_exposed(shop, mails, every):
    """Whenever the worker died, no key whose code left looks as if it were unseen."""
    ChannelSettings.objects.create(channel_id=shop.pk, codes_in_mail=True)

    def prepare(number):
        product = make_key_product(channel=shop, sku=f"game-{number}", source="stock", stock=1)
        return place(channel=shop, lines=[(product, 1)], email=f"customer{number}@example.com")

    deaths = die_at_each_moment(prepare, note_and_run, every=every)
    mailed_early = {to for to, _message in mails.messages}
    exposed_early = set(
        KeyOrder.objects.filter(units__keys__exposed_at__isnull=False).values_list(
            "email", flat=True
        )
    )
    recover()

    assert mailed_early <= exposed_early
    assert everything_wrong(deaths, mails) == {}
    assert not Key.objects.filter(exposed_at__isnull=True).exists()


def test_a_line_whose_keys_come_one_by_one(shop, mails, every):
    def prepare(number):
        product = make_key_product(
            channel=shop,
            sku=f"game-{number}",
            source="stock",
            delivery_mode="as_available",
            stock=2,
        )
        return place(channel=shop, lines=[(product, 3)], email=f"customer{number}@example.com")

    deaths = die_at_each_moment(prepare, note_and_run, every=every)
    recover(rounds=3)

    for death in deaths:
        (row,) = key_orders(death.order)
        assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK), death
        statuses = [unit.status for unit in row.units.all()]
        assert statuses == [UnitStatus.DELIVERED, UnitStatus.DELIVERED, UnitStatus.OPEN], death
        assert death.order.lines.get().quantity_fulfilled == 2, death
    restock()
    recover()
    assert everything_wrong(deaths, mails) == {}


def test_the_rest_of_a_line_whose_keys_come_one_by_one(shop, mails, every):
    def prepare(number):
        product = make_key_product(
            channel=shop,
            sku=f"game-{number}",
            source="stock",
            delivery_mode="as_available",
            stock=1,
        )
        order = place(channel=shop, lines=[(product, 2)], email=f"customer{number}@example.com")
        note_and_run(order)
        add_keys(product, count=1)
        return order

    def wake_and_run(order):
        (row,) = key_orders(order)
        wake_waiting(key_product_id=row.key_product_id)
        run_order(order_id=order.pk)

    deaths = die_at_each_moment(prepare, wake_and_run, every=every)
    recover()

    assert everything_wrong(deaths, mails) == {}
    assert census() == {"assigned": 2 * (len(deaths) + 1)}


def test_a_message_that_the_mail_server_first_put_off(shop, mails, every):
    """It is sent later by itself, outside any run of its order."""

    def prepare(number):
        product = make_key_product(channel=shop, sku=f"game-{number}", source="stock", stock=1)
        order = place(channel=shop, lines=[(product, 1)], email=f"customer{number}@example.com")
        mails.answer = "451 4.3.0 Come back later"
        note_and_run(order)
        mails.answer = "250 OK"
        Delivery.objects.filter(order_id=order.pk).update(next_run_at=timezone.now())
        return order

    def deliver(order):
        tasks.deliver(Delivery.objects.get(order_id=order.pk).pk)

    deaths = die_at_each_moment(prepare, deliver, every=every)
    recover()

    assert everything_wrong(deaths, mails) == {}


def test_an_order_that_is_called_off(shop, mails, every):
    """Its keys go back to stock, all of them and once, and nothing is sent."""

    def prepare(number):
        product = make_key_product(channel=shop, sku=f"game-{number}", source="stock", stock=2)
        order = place(channel=shop, lines=[(product, 3)], email=f"customer{number}@example.com")
        note_and_run(order)
        type(order).objects.filter(pk=order.pk).update(status="canceled")
        return order

    deaths = die_at_each_moment(prepare, note_and_run, every=every)
    recover()

    for death in deaths:
        (row,) = key_orders(death.order)
        assert (row.status, row.reason) == (KeyOrderStatus.CANCELED, Reason.ORDER_CANCELED), death
        assert {unit.status for unit in row.units.all()} == {UnitStatus.CANCELED}, death
        assert row.next_run_at is None, death
    assert census() == {"available": 2 * (len(deaths) + 1)}
    assert mails.messages == []


def restock():
    for product in KeyProduct.objects.all():
        add_keys(product, count=1)
        wake_waiting(key_product_id=product.pk)
