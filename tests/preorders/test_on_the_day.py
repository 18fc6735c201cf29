"""Sold before the release and bought on its day, as the supplier names it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys.acquisition import products
from saleor_cdkeys.acquisition.freshness.noting import note
from saleor_cdkeys.acquisition.stock_import.importing import import_keys
from saleor_cdkeys.acquisition.stock_import.options import ImportOptions
from saleor_cdkeys.acquisition.stock_import.source import Source
from saleor_cdkeys.models import Alert, KeyOrder, KeyProduct, Purchase
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from saleor_cdkeys.suppliers.base import CatalogueProduct
from saleor_cdkeys.values import SYSTEM, Money
from tests.factories.cdkeys import add_keys, buy, key_orders, run
from tests.preorders.conftest import GAME, RELEASE, TODAY, in_words, send_due, sweep
from tests.purchasing.books import run_again, sold_codes, stored_codes


@pytest.fixture
def order(channel, scene):
    KeyProduct.objects.update(allow_preorder=False)
    return buy(channel=channel, lines=[(scene.product, 2)])


def says(scene, **details):
    """What the supplier tells of the game from now on."""
    known = scene.server.books.details[GAME]
    scene.server.books.details[GAME] = dataclasses.replace(known, **details)


def paste(product, *codes):
    """Staff import keys."""
    import_keys(
        source=Source.from_text("\n".join(codes)),
        options=ImportOptions(key_product_id=product.pk),
        actor=SYSTEM,
    )


def seconds_until(moment):
    return (moment - timezone.now()).total_seconds()


def test_the_customer_knows_the_day_and_staff_need_not_be_told(scene, order):
    (row,) = run(order)
    send_due()

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.NOT_RELEASED)
    assert 86_000 < seconds_until(row.next_run_at) <= 86_400
    (message,) = mail.outbox
    assert f"released on {in_words(RELEASE)}" in message.subject
    assert not Alert.objects.exists()
    assert not Purchase.objects.exists()


def test_it_is_bought_when_the_supplier_sells_it(scene, order):
    run(order)
    says(scene, is_preorder=False)
    scene.server.shop.late_seconds = 0

    row = run_again(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert stored_codes() == sold_codes(scene.server)
    assert Purchase.objects.get().is_preorder is False


def test_a_day_that_the_supplier_moves_is_told(scene, order):
    later = RELEASE + dt.timedelta(days=9)
    run(order)
    send_due()
    says(scene, release_date=later.isoformat())

    run_again(order)
    run_again(order)
    send_due()

    assert [message.subject.partition(": ")[2] for message in mail.outbox] == [
        f"released on {in_words(RELEASE)}",
        f"the release moved to {in_words(later)}",
    ]


@pytest.mark.parametrize(
    ("days", "pause", "alerts"),
    [(1, 86_400, 0), (0, 2_200, 0), (-1, 2_200, 0), (-2, 2_200, 1), (None, 2_200, 1)],
)
def test_when_it_is_asked_for_again_and_whether_staff_are_told(scene, order, days, pause, alerts):
    day = "" if days is None else (TODAY + dt.timedelta(days=days)).isoformat()
    says(scene, release_date=day)

    (row,) = run(order)
    send_due()

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.NOT_RELEASED)
    assert 0 < seconds_until(row.next_run_at) <= pause
    assert Alert.objects.filter(kind="key_order_waiting").count() == alerts
    assert len(mail.outbox) == (days == 1)


def test_staff_who_were_told_that_no_day_is_known_are_told_that_one_is(scene, order):
    says(scene, release_date="")
    run(order)
    assert Alert.objects.filter(kind="key_order_waiting", resolved_at=None).count() == 1
    says(scene, release_date=RELEASE.isoformat())

    run_again(order)

    assert not Alert.objects.filter(resolved_at=None).exists()


def test_a_day_that_the_mapping_hears_of_is_followed_at_once(scene, order):
    before = CatalogueProduct(
        GAME,
        "Game",
        price=Money(Decimal("5.00"), "EUR"),
        is_preorder=True,
        release_date=RELEASE,
    )
    note(supplier_id=scene.mapping.supplier_id, products={GAME: before}, asked_at=timezone.now())
    (row,) = run(order)
    assert seconds_until(row.next_run_at) > 1

    earlier = RELEASE - dt.timedelta(days=9)
    note(
        supplier_id=scene.mapping.supplier_id,
        products={GAME: dataclasses.replace(before, release_date=earlier)},
        asked_at=timezone.now(),
    )

    assert seconds_until(KeyOrder.objects.get().next_run_at) <= 0


def test_that_it_came_out_wakes_those_who_wait(scene, order):
    before = CatalogueProduct(GAME, "Game", price=Money(Decimal("5.00"), "EUR"), is_preorder=True)
    note(supplier_id=scene.mapping.supplier_id, products={GAME: before}, asked_at=timezone.now())
    (row,) = run(order)
    assert seconds_until(row.next_run_at) > 1

    note(
        supplier_id=scene.mapping.supplier_id,
        products={GAME: dataclasses.replace(before, is_preorder=False)},
        asked_at=timezone.now(),
    )

    assert seconds_until(KeyOrder.objects.get().next_run_at) <= 0


def test_leave_to_pre_order_is_used_at_once(scene, order):
    run(order)

    products.update(key_product_id=scene.product.pk, values={"allow_preorder": True})
    run_order(order_id=order.pk)

    (row,) = key_orders(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_PENDING)
    assert Purchase.objects.get().is_preorder


def test_keys_that_come_into_stock_are_used_at_once(scene, order):
    KeyProduct.objects.update(source="stock_then_suppliers")
    run(order)

    paste(scene.product, "EARLY-CODE-1", "EARLY-CODE-2")
    sweep()

    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED
    assert not Purchase.objects.exists()


def test_whom_nobody_told_of_keys_the_sweeper_wakes(scene, order):
    KeyProduct.objects.update(source="stock_then_suppliers")
    run(order)
    add_keys(scene.product, "EARLY-CODE-1", "EARLY-CODE-2")

    sweep()

    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED


def test_who_ordered_before_comes_before(channel, scene, order):
    KeyProduct.objects.update(source="stock_then_suppliers")
    run(order)
    add_keys(scene.product, "EARLY-CODE-1", "EARLY-CODE-2")

    (late,) = run(buy(channel=channel, lines=[(scene.product, 1)]))
    sweep()

    assert late.reason == Reason.NOT_RELEASED
    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED
    assert KeyOrder.objects.get(pk=late.pk).status == KeyOrderStatus.WAITING


def test_before_the_products_own_moment_keys_wake_nobody(scene, order):
    """Those who waited for the suppliers' day when that moment was set."""
    run(order)
    products.update(
        key_product_id=scene.product.pk,
        values={
            "release_at": timezone.now() + dt.timedelta(days=2),
            "source": "stock_then_suppliers",
        },
    )
    sweep()
    (row,) = key_orders(order)
    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.NOT_RELEASED)

    paste(scene.product, "EARLY-CODE-1", "EARLY-CODE-2")

    assert sweep().woken == 0
    assert key_orders(order)[0].next_run_at == row.next_run_at
