"""What a supplier sells before its release: bought where that is allowed, and waited for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from unittest.mock import Mock

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from saleor_cdkeys.acquisition.dry_run import dry_run
from saleor_cdkeys.acquisition.freshness.noting import note
from saleor_cdkeys.acquisition.purchasing import journal, releases
from saleor_cdkeys.acquisition.shop.sync import preview
from saleor_cdkeys.models import Alert, Delivery, KeyOrder, KeyProduct, Purchase, SupplierMapping
from saleor_cdkeys.statuses import DeliveryKind, DeliveryStatus, KeyOrderStatus, Reason
from saleor_cdkeys.suppliers.base import CatalogueProduct
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, SandboxServer, Shop
from saleor_cdkeys.values import Money
from tests.factories.cdkeys import (
    buy,
    key_orders,
    make_mapping,
    make_supplier,
    run,
)
from tests.preorders.conftest import GAME, RELEASE, TODAY, in_words, send_due, sweep, told
from tests.purchasing.books import run_again, sold_codes, stored_codes


@pytest.fixture
def order(channel, scene):
    return buy(channel=channel, lines=[(scene.product, 2)])


def due_now(order):
    """Look after the order as if the time for that had come."""
    Purchase.objects.update(next_check_at=None)
    return run_again(order)


def hours_until(moment):
    return (moment - timezone.now()).total_seconds() / 3600


def open_alerts():
    return list(Alert.objects.filter(resolved_at=None).values_list("kind", flat=True))


def subjects():
    return [message.subject for message in mail.outbox]


def test_without_leave_nothing_is_bought(scene, channel):
    KeyProduct.objects.update(allow_preorder=False)

    (row,) = run(buy(channel=channel, lines=[(scene.product, 1)]))

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.NOT_RELEASED)
    assert row.detail == f"Kinguin: not released before {RELEASE}, and pre-orders are off."
    assert scene.server.shop.ledger == {}
    assert not Purchase.objects.exists()
    (ask,) = dry_run(key_order_id=row.pk).asks
    assert (ask.quantity, ask.answer.message) == (0, row.detail)


def test_with_leave_it_is_bought_and_waited_for(scene, order):
    (row,) = run(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_PENDING)
    purchase = Purchase.objects.get()
    assert (purchase.status, purchase.quantity) == ("accepted", 2)
    assert (purchase.is_preorder, purchase.release_date) == (True, RELEASE)
    assert len(scene.server.shop.ledger) == 1
    assert not Alert.objects.exists()


def test_it_is_looked_up_once_a_day_until_the_release_and_nobody_is_alerted(scene, order):
    run(order)
    for _look in range(12):
        row = due_now(order)
    Purchase.objects.update(checks=30)

    row = due_now(order)

    assert 19 < hours_until(row.next_run_at) <= 24 * 1.2
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_PENDING)
    assert len(scene.server.shop.ledger) == 1
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("days", "most", "told"), [(1, 24.0, False), (0, 1.2, False), (-1, 1.2, False), (-2, 1.2, True)]
)
def test_from_the_day_of_the_release_on_it_is_looked_up_more_often(scene, order, days, most, told):
    run(order)
    scene.moves_to(TODAY + dt.timedelta(days=days))
    Purchase.objects.update(checks=30, created_at=timezone.now() - dt.timedelta(days=5))

    row = due_now(order)

    assert hours_until(row.next_run_at) <= most
    begins = dt.datetime.combine(TODAY + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    assert days < 1 or row.next_run_at <= begins + dt.timedelta(seconds=2)
    assert Alert.objects.filter(kind="outcome_unknown").exists() is told


def test_the_customer_is_told_once(scene, order):
    run(order)
    send_due()
    due_now(order)
    due_now(order)
    send_due()

    day = in_words(RELEASE)
    number = key_orders(order)[0].order_number
    (message,) = mail.outbox
    assert message.subject == f"Order {number}: released on {day}"
    assert message.to == ["customer@example.com"]
    assert f"You get your keys by e-mail on the day of the release, {day}." in message.body
    assert "Game game-1 (2 keys)" in message.body
    assert "/k/" not in message.body
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.status) == (DeliveryKind.RELEASE, DeliveryStatus.SENT)
    assert (delivery.release_on, delivery.items.count(), delivery.links.count()) == (RELEASE, 0, 0)


def test_a_date_that_moves_is_followed_and_told(scene, order):
    run(order)
    send_due()
    later = RELEASE + dt.timedelta(days=7)
    scene.moves_to(later)

    due_now(order)
    due_now(order)
    send_due()

    assert Purchase.objects.get().release_date == later
    number = key_orders(order)[0].order_number
    assert subjects() == [
        f"Order {number}: released on {in_words(RELEASE)}",
        f"Order {number}: the release moved to {in_words(later)}",
    ]
    assert KeyOrder.objects.get().release_told_for == later
    assert f"The supplier moved the release to {later}." in list(
        KeyOrder.objects.get().events.values_list("message", flat=True)
    )


def test_a_day_that_moved_is_kept_with_its_trace_or_not_at_all(scene, order, monkeypatch):
    run(order)
    scene.moves_to(RELEASE + dt.timedelta(days=7))
    monkeypatch.setattr(releases.timeline, "record", Mock(side_effect=OperationalError))

    with pytest.raises(OperationalError):
        releases.follow(Purchase.objects.get())

    assert Purchase.objects.get().release_date == RELEASE


def test_of_two_dates_that_wait_for_the_mail_server_the_newest_is_told(scene, order):
    run(order)
    scene.moves_to(RELEASE + dt.timedelta(days=7))
    due_now(order)

    send_due()

    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["canceled", "sent"]
    (subject,) = subjects()
    assert "released on" in subject


def test_a_day_that_moves_there_and_back_is_no_news(scene, order):
    run(order)
    send_due()
    for day in (RELEASE + dt.timedelta(days=7), RELEASE):
        scene.moves_to(day)
        due_now(order)

    send_due()

    assert told() == [f"released on {in_words(RELEASE)}"]


def test_what_was_heard_before_it_was_bought_or_of_another_product_moves_nothing(scene, order):
    run(order)
    scene.moves_to(RELEASE + dt.timedelta(days=7))
    SupplierMapping.objects.update(seen_at=timezone.now() - dt.timedelta(hours=1))
    due_now(order)
    SupplierMapping.objects.update(seen_at=timezone.now(), supplier_product_id="another")
    due_now(order)

    assert Purchase.objects.get().release_date == RELEASE


def test_keys_that_come_are_delivered_as_usual(scene, order):
    run(order)
    send_due()
    scene.release()

    row = due_now(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert stored_codes() == sold_codes(scene.server)
    assert subjects()[1:] == [f"Your keys for order {row.order_number}"]
    assert order.lines.get().quantity_fulfilled == 2


def test_a_notice_that_is_late_does_not_follow_the_keys(scene, order):
    run(order)
    scene.release()
    row = due_now(order)

    send_due()

    assert subjects() == [f"Your keys for order {row.order_number}"]
    notice = Delivery.objects.get(kind=DeliveryKind.RELEASE)
    assert notice.status == DeliveryStatus.CANCELED


def test_who_called_the_order_off_is_not_told(scene, order):
    from saleor.order.models import Order

    run(order)
    Order.objects.update(status="canceled")
    row = due_now(order)

    send_due()

    assert row.status == KeyOrderStatus.CANCELED
    assert mail.outbox == []


def test_without_a_date_the_customer_is_told_that_it_is_reserved(scene, order):
    run(order)
    Purchase.objects.update(release_date=None)
    KeyOrder.objects.update(release_told_at=None, release_told_for=None)
    Delivery.objects.all().delete()

    due_now(order)
    due_now(order)
    send_due()

    (message,) = mail.outbox
    assert message.subject == f"Order {key_orders(order)[0].order_number}: reserved for you"
    assert "You get your keys by e-mail as soon as it is." in message.body
    scene.moves_to(RELEASE)
    due_now(order)
    send_due()
    # The first day that is known has not moved.
    assert told() == ["reserved for you", f"released on {in_words(RELEASE)}"]
    scene.moves_to(RELEASE + dt.timedelta(days=7))
    due_now(order)
    send_due()
    assert told()[2:] == [f"the release moved to {in_words(RELEASE + dt.timedelta(days=7))}"]


def test_an_outcome_that_is_not_clear_is_not_waited_for_in_patience(scene, order):
    run(order)
    Purchase.objects.update(status="unknown", checks=3)
    scene.server.script.queue_for(Call.LOOKUP, [Fault.ERROR_BEFORE])

    due_now(order)

    assert journal.pause(Purchase.objects.get()) <= dt.timedelta(hours=1.2)
    assert open_alerts() == ["outcome_unknown"]


def test_staff_are_told_when_the_supplier_does_not_answer_for_long_and_when_it_does(scene, order):
    run(order)
    Purchase.objects.update(checks=30)
    scene.server.script.queue_for(Call.LOOKUP, [Fault.ERROR_BEFORE] * 8)
    for look in range(1, 9):
        row = due_now(order)
        assert Purchase.objects.get().failed_checks == look
        assert open_alerts() == (["outcome_unknown"] if look == 8 else [])
        # Nobody waits a day for an answer that failed.
        assert hours_until(row.next_run_at) <= 1.2

    due_now(order)

    assert Purchase.objects.get().failed_checks == 0
    assert open_alerts() == []


def test_failures_that_lie_apart_are_not_counted_together(scene, order):
    run(order)
    Purchase.objects.update(failed_checks=7)

    due_now(order)
    scene.server.script.queue_for(Call.LOOKUP, [Fault.ERROR_BEFORE])
    due_now(order)

    assert Purchase.objects.get().failed_checks == 1
    assert open_alerts() == []


def test_the_shop_shows_what_can_be_bought_before_the_release(scene):
    from saleor.channel.models import Channel

    from tests.factories import make_warehouse

    make_warehouse(Channel.objects.get())
    SupplierMapping.objects.update(
        price_amount=5, price_currency="EUR", available=4, is_preorder=True, seen_at=timezone.now()
    )
    KeyProduct.objects.update(follows_stock=True)

    assert preview(key_product_id=scene.product.pk).stock.for_sale == 4
    KeyProduct.objects.update(allow_preorder=False)
    assert preview(key_product_id=scene.product.pk).stock.for_sale == 0


def test_what_was_bought_since_the_supplier_said_how_many_it_has_is_taken_off(scene, order):
    from saleor.channel.models import Channel

    from tests.factories import make_warehouse

    make_warehouse(Channel.objects.get())
    SupplierMapping.objects.update(
        price_amount=5, price_currency="EUR", available=4, is_preorder=True, seen_at=timezone.now()
    )
    KeyProduct.objects.update(follows_stock=True)
    # Ordered and not bought: two of the four are owed.
    assert preview(key_product_id=scene.product.pk).stock.for_sale == 2
    run(order)
    # Bought and on their way: the supplier, which said four, has two left.
    assert preview(key_product_id=scene.product.pk).stock.for_sale == 2
    SupplierMapping.objects.update(available=2, seen_at=timezone.now())

    assert preview(key_product_id=scene.product.pk).stock.for_sale == 2


def hears(scene, **details):
    """What the supplier's catalogue tells of the game reaches the mapping."""
    product = CatalogueProduct(GAME, "Game", price=Money(Decimal("5.00"), "EUR"), **details)
    note(supplier_id=scene.mapping.supplier_id, products={GAME: product}, asked_at=timezone.now())


def test_a_release_that_comes_early_is_looked_up_at_once(scene, order):
    hears(scene, is_preorder=True, release_date=RELEASE)
    run(order)
    later = timezone.now() + dt.timedelta(hours=20)
    Purchase.objects.update(next_check_at=later)
    KeyOrder.objects.update(next_run_at=later)
    scene.release()

    hears(scene, is_preorder=False)
    sweep()

    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED


def test_once_it_is_out_keys_are_asked_for_each_hour(scene, order):
    hears(scene, is_preorder=True, release_date=RELEASE)
    run(order)
    Purchase.objects.update(checks=30)

    hears(scene, is_preorder=False)
    sweep()

    row = key_orders(order)[0]
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_PENDING)
    assert Purchase.objects.get().release_date == TODAY
    assert hours_until(row.next_run_at) <= 1.2
    assert "The supplier sells the product as released." in list(
        row.events.values_list("message", flat=True)
    )


def test_that_it_is_not_sold_any_more_is_no_release(scene, order):
    hears(scene, is_preorder=True, release_date=RELEASE)
    run(order)

    hears(scene, is_preorder=False, available=0)
    sweep()

    assert Purchase.objects.get().release_date == RELEASE


def test_the_cheapest_pre_order_comes_after_a_key_that_is_there(scene, channel):
    with SandboxServer(Shop([Product("P1", Decimal("9.00"))]), hang_seconds=1.0) as server:
        supplier = make_supplier(config={"base_url": server.url})
        make_mapping(scene.product, supplier, "P1", position=1)
        KeyProduct.objects.update(supplier_choice="cheapest")

        (row,) = run(buy(channel=channel, lines=[(scene.product, 1)]))

        assert row.status == KeyOrderStatus.DELIVERED
        assert Purchase.objects.get().supplier == supplier


@pytest.mark.parametrize("knows", [True, False])
def test_a_pre_order_without_a_key_left_is_waited_for_as_one(scene, channel, knows):
    """Kinguin does not tell a product of which nobody offers a key; the mapping may know it."""
    KeyProduct.objects.update(allow_preorder=False)
    if knows:
        scene.moves_to(RELEASE)
    scene.server.shop.set_product(Product(GAME, Decimal("5.00"), stock=0))

    (row,) = run(buy(channel=channel, lines=[(scene.product, 1)]))

    assert row.reason == (Reason.NOT_RELEASED if knows else Reason.OUT_OF_STOCK)


def test_where_pre_orders_are_bought_one_without_a_key_left_is_out_of_stock(scene, channel):
    scene.moves_to(RELEASE)
    scene.server.shop.set_product(Product(GAME, Decimal("5.00"), stock=0))

    (row,) = run(buy(channel=channel, lines=[(scene.product, 1)]))

    assert row.reason == Reason.OUT_OF_STOCK
