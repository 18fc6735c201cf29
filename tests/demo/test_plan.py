from collections import Counter

import pytest

from demo import shop
from demo.plan import plan, purchases_needed, restock_needed, stock_needed
from demo.shop import Kind


def test_shares_make_a_hundred():
    assert sum(shop.SHARES.values()) == 100
    assert set(shop.SHARES) == set(Kind)


def test_three_hundred_orders_are_of_every_kind():
    kinds = Counter(order.kind for order in plan(count=300, seed=1))
    assert kinds == {kind: share * 3 for kind, share in shop.SHARES.items()}


@pytest.mark.parametrize("count", [1, 5, len(Kind), 11, 99, 300])
def test_as_many_orders_as_asked_for_and_one_of_each_kind_where_possible(count):
    orders = plan(count=count, seed=3)
    assert len(orders) == count
    assert len({order.kind for order in orders}) == min(count, len(Kind))
    assert len({order.email for order in orders}) == count


def test_the_same_seed_gives_the_same_orders():
    assert plan(count=50, seed=7) == plan(count=50, seed=7)
    assert plan(count=50, seed=7) != plan(count=50, seed=8)


def test_who_pays_nothing_is_owed_nothing():
    orders = plan(count=300, seed=1)
    assert {order.owed > 0 for order in orders if order.kind in shop.GET_NOTHING} == {False}
    assert {order.owed > 0 for order in orders if order.kind not in shop.GET_NOTHING} == {True}


def test_staff_leave_some_cards_untyped():
    cards = [order for order in plan(count=300, seed=1) if order.kind is Kind.TYPED]
    assert {order.expected for order in cards} == {0, 1}
    assert {order.owed for order in cards} == {1}


def test_stock_serves_what_only_stock_can_serve():
    orders = plan(count=300, seed=1)
    ordered = Counter()
    for order in orders:
        for line in order.lines:
            ordered[line.goods] += line.quantity
    first, second = stock_needed(orders), restock_needed(orders)
    assert first[shop.NEON] > ordered[shop.NEON]
    assert first[shop.ASH] > ordered[shop.ASH]
    assert 0 < first[shop.KINGDOMS] < ordered[shop.KINGDOMS]
    assert first[shop.LANTERN] == 0
    assert set(second) == {shop.LANTERN}
    assert second[shop.LANTERN] > ordered[shop.LANTERN]


def test_what_is_not_in_stock_has_to_be_bought():
    orders = plan(count=300, seed=1)
    ordered = Counter()
    for order in orders:
        for line in order.lines:
            ordered[line.goods] += line.quantity
    needed = purchases_needed(iter(orders))
    assert set(needed) == set(shop.BOUGHT_GOODS)
    assert needed[shop.ORBIT] == ordered[shop.ORBIT]
    assert needed[shop.WINTER] == ordered[shop.WINTER]
    stock = stock_needed(orders)[shop.KINGDOMS]
    assert needed[shop.KINGDOMS] == ordered[shop.KINGDOMS] - stock
