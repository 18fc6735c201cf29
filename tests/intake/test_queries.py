"""What a hook costs the customer who waits for it."""

from __future__ import annotations

import pytest
from django.db import transaction
from saleor.plugins.manager import get_plugins_manager

from tests.factories import make_order, make_variant
from tests.factories.cdkeys import make_key_product, place
from tests.intake.rows import announce

pytestmark = pytest.mark.usefixtures("channel")


@pytest.fixture
def hook(channel):
    """One hook; Saleor's manager has read the plugins' configuration, once per request."""
    return _manager().order_fully_paid


def _manager():
    manager = get_plugins_manager(allow_replica=False)
    manager.get_all_plugins()
    return manager


@pytest.fixture
def outside_atomic(transactional_db):
    """Where hooks run in Saleor: no transaction is open."""


def test_an_order_without_key_products_costs_one_query(
    outside_atomic, channel, hook, django_assert_num_queries
):
    make_key_product(channel=channel)
    variants = [make_variant(channel=channel) for _ in range(20)]
    order = make_order(channel, [(variant, 1) for variant in variants])

    with django_assert_num_queries(1):
        hook(order)


@pytest.mark.parametrize("lines", [1, 20])
@pytest.mark.parametrize("times", [1, 2])
def test_an_order_with_key_products_costs_two(
    outside_atomic, channel, hook, django_assert_num_queries, lines, times
):
    products = [make_key_product(channel=channel, sku=f"game-{n}") for n in range(lines)]
    order = place(channel=channel, lines=[(product, 5) for product in products])
    announce(order, *["order_created"] * (times - 1))

    with django_assert_num_queries(2):
        hook(order)


def test_orders_created_in_bulk_cost_two_together(
    outside_atomic, channel, django_assert_num_queries
):
    product = make_key_product(channel=channel)
    orders = [place(channel=channel, lines=[(product, 2)]) for _ in range(30)]
    manager = _manager()

    with django_assert_num_queries(2):
        manager.order_bulk_created(orders)


def test_inside_a_transaction_a_savepoint_is_added(channel, hook, django_assert_num_queries):
    order = place(channel=channel, lines=[(make_key_product(channel=channel), 1)])

    with transaction.atomic(), django_assert_num_queries(4):
        hook(order)
