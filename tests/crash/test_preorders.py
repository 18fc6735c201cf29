"""Workers that die at a pre-order: bought once, told once, and followed to the day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from unittest import mock

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.acquisition.freshness import noting
from saleor_cdkeys.delivery.send import send
from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import Delivery, KeyOrder, Purchase, SupplierMapping
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import DeliveryStatus
from saleor_cdkeys.suppliers.base import CatalogueProduct
from saleor_cdkeys.suppliers.fakes.kinguin import KinguinServer
from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product, Shop
from saleor_cdkeys.sweeper import due_orders
from saleor_cdkeys.values import Money
from tests.concurrency.promises import census
from tests.crash.dying import die_at_each_moment, everything_wrong
from tests.crash.recovery import recover
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier, place

pytestmark = pytest.mark.race

RELEASE = timezone.now().date() + dt.timedelta(days=30)
LATER = RELEASE + dt.timedelta(days=7)


def game(number):
    return f"{number:024x}"


@pytest.fixture(autouse=True)
def _patient(settings):
    settings.CDKEYS_PAUSE_AFTER = 0
    settings.CDKEYS_SUPPLIER_TIMEOUT = 20.0


@pytest.fixture
def server():
    games = [Product(game(number), Decimal("5.00")) for number in range(100)]
    with KinguinServer(Shop(games, late_seconds=3600), api_key="key-1") as server:
        for product in games:
            server.books.details[product.id] = Details(
                is_preorder=True, release_date=RELEASE.isoformat()
            )
        yield server


@pytest.fixture
def prepare(shop, mails, server):
    """Makes paid orders of a key each, of a product of its own that is not released."""
    supplier = make_supplier(name="Kinguin", adapter="kinguin", config={"base_url": server.url})
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets={"api_key": "key-1"})
    supplier.save()

    def make(number):
        product = make_key_product(
            channel=shop, sku=f"game-{number}", source="suppliers", allow_preorder=True
        )
        make_mapping(product, supplier, game(number))
        return place(channel=shop, lines=[(product, 1)], email=f"customer{number}@example.com")

    return make


def buy_and_tell(order):
    note_order(order.pk)
    run_order(order_id=order.pk)
    for delivery in Delivery.objects.filter(order_id=order.pk, status=DeliveryStatus.QUEUED):
        send(delivery_id=delivery.pk)


def released(server):
    for purchase in Purchase.objects.exclude(supplier_order_id=""):
        server.books.order(purchase.supplier_order_id).is_released = True


def test_a_pre_order_is_bought_and_told_once(prepare, mails, server):
    deaths = die_at_each_moment(prepare, buy_and_tell)
    recover(rounds=2)

    assert len(server.shop.ledger) == len(deaths) + 1
    assert set(Purchase.objects.values_list("status", flat=True)) <= {"accepted", "not_sent"}
    for death in deaths:
        told = [str(mail["Subject"]) for mail in mails.to(death.order.user_email)]
        assert len(told) in ((1, 2) if death.in_doubt else (1,)), death
        assert all("released on" in subject for subject in told)
    released(server)
    recover()
    assert everything_wrong(deaths, mails) == {}
    assert census() == {"assigned": len(deaths) + 1}


@pytest.fixture
def waiting(prepare):
    """Makes orders that were bought and told, and are looked at only in a day."""

    def make(number):
        order = prepare(number)
        buy_and_tell(order)
        later = timezone.now() + dt.timedelta(days=1)
        KeyOrder.objects.filter(order_id=order.pk).update(next_run_at=later)
        return order

    return make


def hear(order):
    """The supplier tells of another day."""
    purchase = Purchase.objects.select_related("mapping").get(key_order__order_id=order.pk)
    name = purchase.supplier_product_id
    SupplierMapping.objects.filter(pk=purchase.mapping_id, seen_at=None).update(
        seen_at=timezone.now(), is_preorder=True, release_date=RELEASE
    )
    told = CatalogueProduct(
        name, "Game", price=Money(Decimal("5.00"), "EUR"), is_preorder=True, release_date=LATER
    )
    noting.note(supplier_id=purchase.supplier_id, products={name: told}, asked_at=timezone.now())


def heard_and_due(order):
    mapping = SupplierMapping.objects.get(purchases__key_order__order_id=order.pk)
    return mapping.release_date == LATER, order.pk in due_orders(limit=1000)


def test_a_day_is_written_down_with_all_who_wait_for_it_or_not_at_all(waiting):
    deaths = die_at_each_moment(waiting, hear)

    assert {heard_and_due(death.order) for death in deaths} == {(False, False), (True, True)}


def test_apart_from_each_other_half_of_it_would_be_forgotten(waiting):
    def hear_only(order):
        with mock.patch.object(noting, "resume_preorders"):
            hear(order)

    deaths = die_at_each_moment(waiting, hear_only)

    assert (True, False) in {heard_and_due(death.order) for death in deaths}


def test_a_day_that_moved_is_followed_and_told_once(waiting, mails, server):
    def hear_and_follow(order):
        hear(order)
        buy_and_tell(order)

    deaths = die_at_each_moment(waiting, hear_and_follow)
    for death in deaths:
        hear(death.order)
    recover(rounds=2)

    for death in deaths:
        assert Purchase.objects.get(key_order__order_id=death.order.pk).release_date == LATER
        told = [str(mail["Subject"]) for mail in mails.to(death.order.user_email)]
        moved = [subject for subject in told if "the release moved to" in subject]
        assert len(moved) in ((1, 2) if death.in_doubt else (1,)), death
        assert len(told) == len(moved) + 1
    released(server)
    recover()
    assert everything_wrong(deaths, mails) == {}
    assert len(server.shop.ledger) == len(deaths) + 1
