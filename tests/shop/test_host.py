"""Saleor's stock and prices as it is told of them: apps hear of it, and nothing raises."""

from __future__ import annotations

from decimal import Decimal

import pytest
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Stock

from saleor_cdkeys.host import prices, shop_stock, stock_news
from tests.factories import make_variant


@pytest.fixture
def variant(channel):
    return make_variant(channel=channel, stock=0)


@pytest.fixture
def told(monkeypatch):
    """What apps were told: the sort of news, and how many of it there are now."""
    heard = []

    def hear(kind):
        def listen(subject, *_who):
            rows = subject if isinstance(subject, list) else [subject]
            heard.append((kind, [row.quantity for row in rows]))

        return listen

    for kind in ("back_in_stock", "out_of_stock", "stocks_updated"):
        monkeypatch.setattr(stock_news, f"trigger_product_variant_{kind}", hear(kind))
    for kind in ("back_in_stock", "out_of_stock"):
        name = f"trigger_{kind}_in_channel_events_for_stocks"
        monkeypatch.setattr(stock_news, name, hear(f"{kind} by channel"))
    return heard


@pytest.fixture
def stock_to(variant, django_capture_on_commit_callbacks):
    """Set the variant's stock, and commit."""
    (warehouse_id,) = Stock.objects.values_list("warehouse_id", flat=True)

    def set_to(quantity):
        with django_capture_on_commit_callbacks(execute=True):
            shop_stock.lock_stock(variant_id=variant.pk)
            shop_stock.set_quantities(variant_id=variant.pk, quantities={warehouse_id: quantity})

    return set_to


def test_apps_are_told_that_it_came_and_went(told, stock_to):
    stock_to(3)
    stock_to(2)
    stock_to(0)

    assert [news for news in told if "channel" not in news[0]] == [
        ("back_in_stock", [3]),
        ("stocks_updated", [3]),
        ("stocks_updated", [2]),
        ("out_of_stock", [0]),
        ("stocks_updated", [0]),
    ]


def test_what_stays_is_not_told(told, stock_to):
    stock_to(0)
    assert told == []


@pytest.mark.standin_only
@pytest.mark.parametrize(("by_zone", "by_channel"), [(True, 0), (False, 1)])
def test_channels_are_told_where_shipping_zones_do_not_decide(told, stock_to, by_zone, by_channel):
    from saleor.site.models import SiteSettings

    SiteSettings.objects.update(use_legacy_shipping_zone_stock_availability=by_zone)
    stock_news.Site.objects.clear_cache()

    stock_to(3)

    assert told.count(("back_in_stock by channel", [3])) == by_channel


def test_a_broker_that_is_down_stops_nothing(stock_to, monkeypatch, caplog):
    def fail(*_arguments):
        raise ConnectionError("secret")

    monkeypatch.setattr(stock_news, "trigger_product_variant_stocks_updated", fail)

    stock_to(3)

    assert Stock.objects.get().quantity == 3
    assert "Telling apps of changed stock failed: ConnectionError" in caplog.text
    assert "secret" not in caplog.text


def test_apps_are_told_of_a_price(
    variant, channel, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    manager = type("Manager", (), {"product_variant_updated": staticmethod(told.append)})
    monkeypatch.setattr(prices, "get_plugins_manager", lambda **_options: manager)

    with django_capture_on_commit_callbacks(execute=True):
        prices.set_prices(variant_id=variant.pk, amounts={channel.pk: Decimal("9.99")})
        assert told == []

    assert told == [variant]
    (listing,) = prices.listings_of(variant_ids=[variant.pk])[variant.pk]
    assert (listing.price.amount, listing.discounted.amount) == (Decimal("9.99"), Decimal("9.99"))


def test_a_price_that_nobody_can_be_told_of_holds(
    variant, channel, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def fail(**_options):
        raise ConnectionError("secret")

    monkeypatch.setattr(prices, "get_plugins_manager", fail)

    with django_capture_on_commit_callbacks(execute=True):
        prices.set_prices(variant_id=variant.pk, amounts={channel.pk: Decimal("9.99")})

    assert ProductVariant.objects.get().channel_listings.get().price_amount == Decimal("9.99")
    assert f"of variant {variant.pk} failed: ConnectionError" in caplog.text
    assert "secret" not in caplog.text
