"""Paid orders that no hook announced are found, without going through the table each time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from saleor_cdkeys.intake import reconcile
from saleor_cdkeys.intake.reconcile import find_lost_orders
from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.models import KeyOrder, KeyProduct
from tests.factories import make_order, make_variant
from tests.factories.cdkeys import make_key_product, place
from tests.intake.rows import change, recorded, rows_of

FIVE_MINUTES = dt.timedelta(minutes=5)


@pytest.fixture
def product(channel):
    return make_key_product(channel=channel)


def lose(channel, product, *, age=FIVE_MINUTES, quantity=1, **fields):
    """An order of which no hook told, last touched so long ago."""
    order = place(channel=channel, lines=[(product, quantity)], **fields)
    change(order, updated_at=timezone.now() - age)
    return order


@pytest.mark.parametrize("status", ["unfulfilled", "partially fulfilled"])
@pytest.mark.parametrize("charge_status", ["full", "overcharged"])
def test_a_paid_open_order_that_was_never_announced_is_recorded(
    channel, product, status, charge_status
):
    order = lose(channel, product, quantity=2, status=status, charge_status=charge_status)

    assert find_lost_orders(limit=10) == [order.pk]

    assert rows_of(order) == [recorded("game-1", 2)]
    assert find_lost_orders(limit=10) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"charge_status": "none"},
        {"charge_status": "partial"},
        {"status": "draft"},
        {"status": "unconfirmed"},
        {"status": "canceled"},
        {"status": "expired"},
        {"status": "fulfilled"},
        {"status": "returned"},
    ],
)
def test_orders_that_are_unpaid_or_not_open_are_left_alone(channel, product, fields):
    lose(channel, product, **fields)

    assert find_lost_orders(limit=10) == []
    assert KeyOrder.objects.count() == 0


def test_orders_without_key_products_are_left_alone(channel, product):
    order = make_order(channel, [(make_variant(channel=channel), 1)])
    change(order, updated_at=timezone.now() - FIVE_MINUTES)

    assert find_lost_orders(limit=10) == []


def test_an_order_whose_hooks_may_still_be_running_is_left_to_them(channel, product):
    lose(channel, product, age=dt.timedelta(seconds=30))

    assert find_lost_orders(limit=10) == []


def test_an_order_older_than_the_window_is_left_alone(channel, product, settings):
    settings.CDKEYS_RECONCILE_DAYS = 3
    lose(channel, product, age=dt.timedelta(days=3, minutes=1))
    inside = lose(channel, product, age=dt.timedelta(days=2, hours=23))

    assert find_lost_orders(limit=10) == [inside.pk]


def test_a_known_order_whose_payment_went_unannounced_is_made_due(channel, product):
    order = place(channel=channel, lines=[(product, 1)], charge_status="none")
    note_order(order.pk)
    change(order, charge_status="full", updated_at=timezone.now() - FIVE_MINUTES)

    assert find_lost_orders(limit=10) == [order.pk]

    assert rows_of(order) == [recorded("game-1", 1)]


def test_a_known_paid_order_that_waits_is_not_found_again(channel, product):
    order = lose(channel, product)
    note_order(order.pk)
    later = timezone.now() + dt.timedelta(hours=1)
    KeyOrder.objects.update(status="waiting", next_run_at=later)

    assert find_lost_orders(limit=10) == []
    assert KeyOrder.objects.get().next_run_at == later


def test_more_than_the_limit_is_found_by_the_calls_that_follow(channel, product, monkeypatch):
    monkeypatch.setattr(reconcile, "_PAGE", 2)
    orders = [lose(channel, product, age=FIVE_MINUTES * n) for n in (5, 4, 3, 2, 1)]
    ids = [order.pk for order in orders]

    assert set(find_lost_orders(limit=2)) == set(ids[:2])
    assert set(find_lost_orders(limit=2)) == set(ids[2:4])
    assert find_lost_orders(limit=2) == ids[4:]
    assert find_lost_orders(limit=2) == []


def test_orders_updated_at_the_same_moment_are_all_found(channel, product, monkeypatch):
    monkeypatch.setattr(reconcile, "_PAGE", 2)
    moment = timezone.now() - FIVE_MINUTES
    orders = [place(channel=channel, lines=[(product, 1)]) for _ in range(5)]
    for order in orders:
        change(order, updated_at=moment)

    assert set(find_lost_orders(limit=10)) == {order.pk for order in orders}


def _walk_past(channel, product):
    """A walk that stands after an order of a minute and a half ago."""
    order = lose(channel, product, age=dt.timedelta(seconds=90))
    assert find_lost_orders(limit=10) == [order.pk]


def test_a_call_goes_on_where_the_last_one_stopped(channel, product, django_assert_num_queries):
    _walk_past(channel, product)
    lose(channel, product, age=FIVE_MINUTES)

    with django_assert_num_queries(1):
        assert find_lost_orders(limit=10) == []


def test_what_was_touched_since_is_found(channel, product):
    _walk_past(channel, product)
    order = lose(channel, product, age=dt.timedelta(seconds=70))

    assert find_lost_orders(limit=10) == [order.pk]


def test_the_whole_window_is_walked_anew_after_a_while(channel, product, monkeypatch):
    _walk_past(channel, product)
    sold_before = lose(channel, product, age=FIVE_MINUTES)

    later = timezone.now() + dt.timedelta(minutes=61)
    monkeypatch.setattr(reconcile.timezone, "now", lambda: later)

    assert find_lost_orders(limit=10) == [sold_before.pk]


def test_a_variant_that_becomes_a_key_product_after_the_sale_is_found(channel):
    variant = make_variant(sku="late", channel=channel)
    order = make_order(channel, [(variant, 1)])
    change(order, updated_at=timezone.now() - FIVE_MINUTES)
    KeyProduct.objects.create(variant_id=variant.pk, sku="late", name="Late")

    assert find_lost_orders(limit=10) == [order.pk]


def test_a_dead_cache_costs_a_whole_walk_and_nothing_more(channel, product, monkeypatch):
    def broken(*_args, **_options):
        raise ConnectionError

    monkeypatch.setattr(type(cache._connections["default"]), "get", broken)
    monkeypatch.setattr(type(cache._connections["default"]), "set", broken)
    order = lose(channel, product)

    assert find_lost_orders(limit=10) == [order.pk]
    assert find_lost_orders(limit=10) == []
