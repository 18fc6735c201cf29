"""Saleor's stock of a variant follows own keys and what suppliers have, less what is owed."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.core.cache import cache
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Allocation, Stock

from saleor_cdkeys.acquisition.shop import facts, sync
from saleor_cdkeys.acquisition.shop.sync import follow_in_shop, preview
from saleor_cdkeys.models import (
    Alert,
    Key,
    KeyOrder,
    KeyProduct,
    Purchase,
    ShopChange,
    ShopTurn,
    Supplier,
    SupplierMapping,
)
from tests.factories import make_warehouse
from tests.factories.cdkeys import add_keys, buy, key_orders, make_key_product, run

D = Decimal


@pytest.fixture
def scene(scene):
    """As it is, with 4 keys in stock."""
    add_keys(scene.product, count=4)
    scene.follow(follows_stock=True)
    return scene


def put(scene, quantity, warehouse=None):
    """Saleor's stock as staff typed it."""
    ProductVariant.objects.update(track_inventory=True)
    return Stock.objects.create(
        warehouse=warehouse or scene.warehouse,
        product_variant_id=scene.product.variant_id,
        quantity=quantity,
    )


def test_stock_is_made_and_tracked_where_there_was_none(scene):
    assert follow_in_shop() == 1

    assert scene.quantities == {"main": 9}
    assert scene.variant.track_inventory is True
    change = ShopChange.objects.get()
    assert (change.kind, change.place, change.channel_id) == ("stock", "main", None)
    assert (change.old_value, change.new_value, change.currency) == (0, 9, "")
    assert change.reason == "4 in stock, 5 at suppliers, 0 owed to orders."
    assert scene.price == 20


def test_what_is_right_already_is_not_written_again(scene):
    follow_in_shop()
    assert follow_in_shop() == 0
    assert ShopChange.objects.count() == 1


def test_stock_that_is_right_is_tracked_all_the_same(scene):
    put(scene, 9)
    ProductVariant.objects.update(track_inventory=False)
    assert follow_in_shop() == 1
    assert scene.variant.track_inventory is True
    assert not ShopChange.objects.exists()


@pytest.mark.parametrize(
    ("source", "quantity"), [("stock", 4), ("stock_then_suppliers", 9), ("suppliers", 5)]
)
def test_the_source_says_what_counts(scene, source, quantity):
    scene.follow(source=source)
    follow_in_shop()
    assert scene.quantities == {"main": quantity}


def test_what_was_bought_in_surplus_counts_where_suppliers_alone_do(scene):
    order = buy(channel=scene.channel, lines=[(scene.product, 1)])
    (row,) = run(order)
    purchase = Purchase.objects.create(
        key_order=row,
        supplier=scene.first.supplier,
        supplier_product_id="P1",
        quantity=1,
        unit_price_amount=5,
        max_unit_price_amount=5,
        currency="EUR",
        status="completed",
    )
    add_keys(scene.product, "SURPLUS-KEY-1")[0].__class__.objects.filter(hint="EY-1").update(
        purchase=purchase
    )
    scene.follow(source="suppliers")

    follow_in_shop()

    assert scene.quantities == {"main": 6}


@pytest.mark.parametrize(
    "away", [{"seen_at": None}, {"is_active": False}, {"is_preorder": True}, {"available": 0}]
)
def test_a_mapping_that_would_not_sell_counts_for_nothing(scene, away):
    SupplierMapping.objects.filter(pk=scene.first.pk).update(**away)
    follow_in_shop()
    assert scene.quantities == {"main": 6}


def test_a_paused_supplier_counts_for_nothing(scene):
    Supplier.objects.filter(pk=scene.first.supplier_id).update(pause_reason="account")
    follow_in_shop()
    assert scene.quantities == {"main": 6}


def test_one_that_does_not_say_how_many_counts_for_some(scene, settings):
    settings.CDKEYS_SHOP_UNSAID_STOCK = 7
    SupplierMapping.objects.filter(pk=scene.first.pk).update(available=None)
    follow_in_shop()
    assert scene.quantities == {"main": 4 + 7 + 2}


def test_what_the_price_guard_forbids_counts_for_nothing(scene):
    scene.follow(min_margin_amount=D("15.01"))
    follow_in_shop()
    assert scene.quantities == {"main": 6}


def test_the_guard_decides_by_the_price_that_is_coming(scene):
    scene.follow(
        min_margin_amount=D("1"),
        price_rule="margin_amount",
        price_value=D("0.99"),
        price_currency="EUR",
    )

    follow_in_shop()

    # At 5.99 the first supplier leaves 0.99 and may not be bought from, the second 1.99.
    assert scene.price == D("5.99")
    assert scene.quantities == {"main": 6}


def test_the_guard_decides_by_what_customers_pay_with_their_discount(scene):
    listing = scene.listing
    listing.discounted_price_amount = D("4.50")
    listing.save()
    follow_in_shop()
    assert scene.quantities == {"main": 6}


def test_without_a_rate_what_is_sold_in_another_currency_counts_for_nothing(scene):
    SupplierMapping.objects.filter(pk=scene.first.pk).update(price_currency="USD")

    follow_in_shop()

    assert scene.quantities == {"main": 6}
    assert Alert.objects.get().subject == "exchange_rate:EUR:USD"


def test_nothing_is_for_sale_where_nothing_can_be_had(scene):
    put(scene, 8)
    SupplierMapping.objects.all().delete()
    scene.follow(source="suppliers")
    follow_in_shop()
    assert scene.quantities == {"main": 0}


def test_a_product_that_is_switched_off_sells_nothing(scene):
    put(scene, 8)
    scene.follow(is_active=False)
    follow_in_shop()
    assert scene.quantities == {"main": 0}


def allocate(stock, order, quantity):
    line = order.lines.get()
    Allocation.objects.create(order_line=line, stock=stock, quantity_allocated=quantity)
    Stock.objects.filter(pk=stock.pk).update(quantity_allocated=quantity)


def test_orders_keep_what_they_were_promised(scene):
    stock = put(scene, 9)
    order = buy(channel=scene.channel, lines=[(scene.product, 3)], charge_status="none")
    allocate(stock, order, 3)

    # Sold by Saleor: 6 are left for others, as it should be.
    assert follow_in_shop() == 0
    add_keys(scene.product, count=2)
    follow_in_shop()

    assert scene.quantities == {"main": 11}
    change = ShopChange.objects.get()
    assert (change.old_value, change.new_value) == (6, 8)
    assert change.reason == "6 in stock, 5 at suppliers, 3 owed to orders."


def test_from_the_order_to_the_fulfilled_line_nothing_has_to_be_written(scene):
    stock = put(scene, 9)
    order = buy(channel=scene.channel, lines=[(scene.product, 3)])
    allocate(stock, order, 3)
    assert follow_in_shop() == 0

    (row,) = run(order)

    assert row.status == "delivered"
    assert scene.quantities == {"main": 6}
    assert follow_in_shop() == 0


def test_what_is_owed_beyond_what_there_is_leaves_nothing(scene):
    buy(channel=scene.channel, lines=[(scene.product, 30)], charge_status="none")
    follow_in_shop()
    assert scene.quantities == {"main": 0}


def under_way(scene, quantity: int) -> Purchase:
    """An order of so many keys, which a supplier has accepted."""
    order = buy(channel=scene.channel, lines=[(scene.product, quantity)], charge_status="none")
    (row,) = key_orders(order)
    return Purchase.objects.create(
        key_order=row,
        supplier=scene.first.supplier,
        supplier_product_id="P1",
        quantity=quantity,
        unit_price_amount=5,
        max_unit_price_amount=5,
        currency="EUR",
        status="accepted",
    )


def test_what_is_bought_already_is_owed_no_more(scene):
    purchase = under_way(scene, 3)
    Purchase.objects.update(quantity=2)

    follow_in_shop()

    assert purchase.key_order.units.count() == 3
    assert scene.quantities == {"main": 9 - 1}


def test_keys_of_a_purchase_that_came_already_are_to_come_no_more(scene):
    purchase = under_way(scene, 3)
    add_keys(scene.product, count=2)
    came = Key.objects.order_by("-pk")[:2]
    for key, unit in zip(came, purchase.key_order.units.all()[:2], strict=True):
        Key.objects.filter(pk=key.pk).update(status="assigned", purchase=purchase, unit=unit)
        unit.status = "filled"
        unit.save()
    buy(channel=scene.channel, lines=[(scene.product, 2)], charge_status="none")

    follow_in_shop()

    # One is to come for the first order; the second lacks both of its own.
    assert scene.quantities == {"main": 9 - 2}


def test_what_comes_for_an_order_that_was_called_off_is_promised_to_nobody(scene):
    under_way(scene, 3)
    KeyOrder.objects.update(status="refunded")
    buy(channel=scene.channel, lines=[(scene.product, 2)], charge_status="none")

    follow_in_shop()

    assert scene.quantities == {"main": 9 - 2}


def test_orders_at_their_end_are_owed_nothing(scene):
    buy(channel=scene.channel, lines=[(scene.product, 3)])
    KeyOrder.objects.update(status="refunded")
    follow_in_shop()
    assert scene.quantities == {"main": 9}


def test_other_warehouses_keep_what_was_promised_and_no_more(scene):
    put(scene, 1)
    other = make_warehouse(scene.channel, slug="other")
    stock = put(scene, 50, other)
    order = buy(channel=scene.channel, lines=[(scene.product, 2)], charge_status="none")
    allocate(stock, order, 2)

    follow_in_shop()

    assert scene.quantities == {"main": 7, "other": 2}
    assert [(c.place, c.old_value, c.new_value) for c in ShopChange.objects.order_by("pk")] == [
        ("main", 1, 7),
        ("other", 48, 0),
    ]


def test_the_chosen_warehouse_has_it(scene, settings):
    put(scene, 3)
    make_warehouse(scene.channel, slug="other")
    settings.CDKEYS_SHOP_WAREHOUSE = "other"
    follow_in_shop()
    assert scene.quantities == {"main": 0, "other": 9}


def test_a_chosen_warehouse_that_is_gone_is_told_until_it_is_mended(scene, settings):
    settings.CDKEYS_SHOP_WAREHOUSE = "gone"

    follow_in_shop()

    assert scene.quantities == {"main": 9}
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == ("shop_not_following", "shop:warehouse")
    settings.CDKEYS_SHOP_WAREHOUSE = "main"
    follow_in_shop()
    alert.refresh_from_db()
    assert alert.resolved_at is not None


def test_without_any_warehouse_staff_are_told(scene):
    scene.warehouse.channels.clear()

    assert follow_in_shop() == 0

    assert scene.quantities == {}
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == (
        "shop_not_following",
        f"shop:key_product:{scene.product.pk}",
    )
    assert preview(key_product_id=scene.product.pk).has_no_place is True


def test_a_variant_that_is_gone_is_told(scene):
    scene.follow(variant_id=0)
    assert follow_in_shop() == 0
    assert Alert.objects.get().subject == f"shop:key_product:{scene.product.pk}"


def test_plenty_is_not_set_anew_with_every_key_that_is_sold(scene, monkeypatch):
    for module in (facts, __import__(f"{facts.__package__}.quantities", fromlist=["x"])):
        monkeypatch.setattr(module, "MOST_SHOWN", 4)
    put(scene, 0)
    follow_in_shop()
    assert scene.quantities == {"main": 4}

    Stock.objects.update(quantity=2)
    assert follow_in_shop() == 0
    Stock.objects.update(quantity=1)
    assert follow_in_shop() == 1

    assert scene.quantities == {"main": 4}


def test_however_many_follow_each_has_its_turn_though_the_cache_forgets(
    scene, channel, monkeypatch
):
    monkeypatch.setattr(sync, "_BATCH", 1)
    monkeypatch.setattr(sync, "_BATCHES", 1)
    other = make_key_product(channel=channel, sku="game-2")
    KeyProduct.objects.update(follows_stock=True)
    looked_at = []
    monkeypatch.setattr(
        sync, "_follow", lambda facts, *_around: looked_at.append(facts.product.pk) or False
    )

    # One of them finds that none is left, and begins anew with the next.
    for _go in range(5):
        cache.clear()
        follow_in_shop()

    assert looked_at == [scene.product.pk, other.pk] * 2
    assert ShopTurn.objects.count() == 1


def test_stock_follows_while_the_cache_is_down(scene, monkeypatch):
    def is_down(*_arguments, **_options):
        raise ConnectionError

    for name in ("get", "set", "add"):
        monkeypatch.setattr(cache, name, is_down)

    assert follow_in_shop() == 1

    assert scene.quantities == {"main": 9}


def test_a_preview_says_what_would_change_and_changes_nothing(scene):
    put(scene, 1)

    plan = preview(key_product_id=scene.product.pk)

    assert plan.is_change is True
    assert plan.prices == ()
    assert (plan.stock.for_sale, plan.stock.is_tracked) == (9, True)
    (quantity,) = plan.stock.quantities
    assert (quantity.warehouse, quantity.row.quantity, quantity.new) == ("main", 1, 9)
    assert isinstance(quantity.warehouse_id, uuid.UUID)
    assert scene.quantities == {"main": 1}


def test_an_order_of_before_saleor_counted_is_fulfilled_all_the_same(scene):
    order = buy(channel=scene.channel, lines=[(scene.product, 1)])
    follow_in_shop()
    assert scene.quantities == {"main": 8}

    (row,) = run(order)

    assert row.status == "delivered"
    assert order.lines.get().quantity_fulfilled == 1
    follow_in_shop()
    assert scene.quantities == {"main": 8}
