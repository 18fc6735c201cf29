"""The price of a channel follows what a key costs, and stays where that is not known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from saleor.product.models import ProductChannelListing

from saleor_cdkeys.acquisition.shop.sync import follow_in_shop, preview, sync_product
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.reading import RateOfDay
from saleor_cdkeys.exchange.updating import store
from saleor_cdkeys.models import (
    Alert,
    ExchangeRate,
    Key,
    KeyProduct,
    ShopChange,
    Supplier,
    SupplierMapping,
)
from tests.factories import make_channel
from tests.factories.cdkeys import add_keys
from tests.shop.conftest import offer, rate

D = Decimal
FIFTH = {"price_rule": "margin_percent", "price_value": D(20)}


def said(mapping, **fields):
    SupplierMapping.objects.filter(pk=mapping.pk).update(**fields)


def test_nothing_follows_unless_it_is_wanted(scene):
    assert follow_in_shop() == 0
    assert scene.price == 20
    assert not ShopChange.objects.exists()


def test_the_price_follows_the_first_supplier_and_the_change_is_recorded(scene):
    scene.follow(**FIFTH, price_ending=D("0.49"))

    assert follow_in_shop() == 1

    assert (scene.price, scene.listing.discounted_price_amount) == (D("6.49"), D("6.49"))
    change = ShopChange.objects.get()
    assert (change.key_product_id, change.kind) == (scene.product.pk, "price")
    assert (change.channel_id, change.place) == (scene.channel.pk, "shop-eur")
    assert (change.old_value, change.new_value, change.currency) == (20, D("6.49"), "EUR")
    assert (change.cost_amount, change.cost_currency) == (5, "EUR")
    assert (change.exchange_rate, change.exchange_rate_date) == (None, None)
    assert change.reason == "Alpha asks 5 EUR."


def test_promotions_are_worked_out_anew_by_saleor(scene):
    scene.follow(**FIFTH)
    follow_in_shop()
    listing = ProductChannelListing.objects.get(product=scene.variant.product)
    assert listing.discounted_price_dirty is True


def test_what_is_right_already_is_not_written_again(scene):
    scene.follow(**FIFTH)
    follow_in_shop()

    assert follow_in_shop() == 0
    assert sync_product(key_product_id=scene.product.pk).is_change is False

    assert ShopChange.objects.count() == 1


def test_the_cheapest_decides_where_it_would_sell(scene):
    scene.follow(**FIFTH, supplier_choice="cheapest")
    follow_in_shop()
    assert scene.price == 5


def test_the_cheapest_is_told_by_the_rate_of_the_day(scene):
    rate("1.25")
    said(scene.second, price_amount=D("4.50"), price_currency="USD")
    scene.follow(**FIFTH, supplier_choice="cheapest")

    follow_in_shop()

    assert scene.price == D("4.50")
    change = ShopChange.objects.get()
    assert (change.cost_amount, change.cost_currency) == (D("4.50"), "USD")
    assert (change.exchange_rate, change.exchange_rate_date) == (D("0.8"), timezone.now().date())


@pytest.mark.parametrize(
    "away",
    [
        {"available": 0},
        {"is_active": False},
        {"price_amount": None},
        {"price_amount": 0},
        {"seen_at": None},
        {"seen_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"flag": "vanished"},
        {"is_preorder": True},
    ],
)
def test_who_would_not_sell_does_not_decide(scene, away):
    said(scene.first, **away)
    scene.follow(**FIFTH)

    follow_in_shop()

    assert scene.price == 5


@pytest.mark.parametrize("away", [{"is_active": False}, {"pause_reason": "errors"}])
def test_a_supplier_that_is_off_or_paused_does_not_decide(scene, away):
    Supplier.objects.filter(pk=scene.first.supplier_id).update(**away)
    scene.follow(**FIFTH)

    follow_in_shop()

    assert scene.price == 5


def test_an_offer_above_the_highest_cost_does_not_decide(scene):
    scene.follow(**FIFTH, max_unit_cost_amount=D("4.99"), max_unit_cost_currency="EUR")
    follow_in_shop()
    assert scene.price == 5


def test_where_nobody_sells_the_price_stays(scene):
    SupplierMapping.objects.update(available=0)
    scene.follow(**FIFTH)

    assert follow_in_shop() == 0

    assert scene.price == 20
    (plan,) = preview(key_product_id=scene.product.pk).prices
    assert (plan.new, plan.reason) == (None, "Nobody sells a key whose cost is known.")


def test_a_key_in_stock_that_cost_more_decides(scene):
    add_keys(scene.product, count=1)
    Key.objects.update(cost_amount=8)
    scene.follow(**FIFTH)

    follow_in_shop()

    assert scene.price == 10
    assert ShopChange.objects.get().reason == "The next key in stock cost 8 EUR."


def test_a_key_in_stock_that_cost_less_or_nobody_knows_does_not(scene):
    add_keys(scene.product, count=2)
    Key.objects.update(cost_amount=1)
    scene.follow(**FIFTH)
    follow_in_shop()
    Key.objects.update(cost_amount=None)

    assert follow_in_shop() == 0

    assert scene.price == D("6.25")


def test_of_own_stock_alone_the_next_key_decides(scene):
    add_keys(scene.product, count=1)
    scene.follow(**FIFTH, source="stock")
    Key.objects.update(cost_amount=2)

    follow_in_shop()

    assert scene.price == D("2.50")


def test_a_fixed_price_asks_nobody(scene):
    SupplierMapping.objects.all().delete()
    scene.follow(price_rule="fixed", price_value=D("9.99"), price_currency="EUR")

    follow_in_shop()

    assert scene.price == D("9.99")
    change = ShopChange.objects.get()
    assert (change.cost_amount, change.reason) == (None, "A fixed price.")


def test_a_product_that_is_switched_off_keeps_its_price(scene):
    scene.follow(**FIFTH, is_active=False)
    assert follow_in_shop() == 0
    assert scene.price == 20


def test_each_channel_has_its_price_in_its_currency(scene):
    listing = scene.listing
    listing.pk, listing.channel, listing.currency = None, make_channel("shop-usd", "USD"), "USD"
    listing.save()
    unpriced = scene.listing
    unpriced.pk, unpriced.channel = None, make_channel("shop-two")
    unpriced.price_amount = unpriced.discounted_price_amount = None
    unpriced.save()
    rate("1.20")
    scene.follow(**FIFTH)

    follow_in_shop()

    changes = ShopChange.objects.order_by("pk")
    assert [(c.place, c.new_value, c.currency, c.exchange_rate) for c in changes] == [
        ("shop-eur", D("6.25"), "EUR", None),
        ("shop-usd", D("7.50"), "USD", D("1.2")),
    ]
    unpriced.refresh_from_db()
    assert unpriced.price_amount is None


@pytest.mark.parametrize("days_old", [6, None])
def test_by_a_rate_that_is_old_or_missing_no_price_changes_and_staff_are_told(scene, days_old):
    if days_old:
        rate("1.25", date=timezone.now().date() - dt.timedelta(days=days_old))
    said(scene.first, price_currency="USD")
    scene.follow(**FIFTH)

    assert follow_in_shop() == 0

    assert scene.price == 20
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == ("exchange_rate", "exchange_rate:USD:EUR")
    assert alert.count == 1
    store([RateOfDay("EUR", "USD", D("1.25"), timezone.now().date())], source="hand")
    alert.refresh_from_db()
    assert alert.resolved_at is not None
    assert follow_in_shop() == 1
    assert scene.price == 5


def test_the_floor_holds_whatever_a_supplier_says(scene):
    said(scene.first, price_amount=D("0.01"))
    scene.follow(**FIFTH, price_floor_amount=D("4.99"), price_currency="EUR")

    follow_in_shop()

    assert scene.price == D("4.99")


def test_a_rate_that_comes_in_between_two_looks_is_used(scene):
    rate("1.25")
    said(scene.first, price_currency="USD")
    scene.follow(**FIFTH)
    follow_in_shop()
    ExchangeRate.objects.update(rate=D(2))

    follow_in_shop()

    assert scene.price == D("3.13")
    assert [c.new_value for c in ShopChange.objects.order_by("pk")] == [5, D("3.13")]


def test_one_product_that_fails_does_not_stop_the_others(scene, monkeypatch, caplog):
    from saleor_cdkeys.acquisition.shop import changes

    other = KeyProduct.objects.create(variant_id=0, name="Gone", **FIFTH)
    scene.follow(**FIFTH)
    offer(other, "Gamma", "1", 1)
    write, failed = changes.write, []

    def fail_once(product, plan):
        if not failed:
            failed.append(product.pk)
            raise RuntimeError("secret")
        write(product, plan)

    monkeypatch.setattr(changes, "write", fail_once)

    assert follow_in_shop() == 0
    assert follow_in_shop() == 1

    assert scene.price == D("6.25")
    assert f"Key product {scene.product.pk} does not follow" in caplog.text
    assert "secret" not in caplog.text


def test_every_product_has_its_turn(scene, monkeypatch):
    from saleor_cdkeys.acquisition.shop import sync

    monkeypatch.setattr(sync, "_BATCH", 1)
    monkeypatch.setattr(sync, "_BATCHES", 1)
    KeyProduct.objects.create(variant_id=0, name="Gone", **FIFTH)
    scene.follow(**FIFTH)
    looked_at = []
    read = sync.read_facts
    monkeypatch.setattr(
        sync, "read_facts", lambda rows: looked_at.extend(row.name for row in rows) or read(rows)
    )

    for _go in range(4):
        follow_in_shop()

    # Once more under locks, where it was written.
    assert looked_at == ["Game game-1", "Game game-1", "Gone", "Game game-1"]


def test_what_is_not_there_has_no_preview(db):
    for call in (preview, sync_product):
        with pytest.raises(InvalidInput) as refused:
            call(key_product_id=1)
        assert (refused.value.field, refused.value.code) == ("id", "not_found")
