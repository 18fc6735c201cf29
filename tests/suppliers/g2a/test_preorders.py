"""What is not released yet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import NotReleased, OutOfStock
from saleor_cdkeys.suppliers.fakes.g2a_shop import Facts
from saleor_cdkeys.suppliers.sandbox_server import Product
from tests.suppliers.g2a.answers import PRODUCT


def test_what_is_not_released_is_bought_only_where_that_is_wanted(server, worker):
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    server.orders.facts[PRODUCT] = Facts(release_date=f"{tomorrow} 00:00:00")

    quote = worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)

    assert quote.is_preorder
    assert quote.release_date == tomorrow
    worker.fails(OutOfStock)
    assert server.shop.ledger == {}
    assert worker.buy(allow_preorder=True).is_final


@pytest.mark.parametrize("date", ["2020-01-31", "soon", "0000-00-00", 7, None])
def test_any_other_date_is_no_preorder(server, worker, date):
    server.orders.facts[PRODUCT] = Facts(release_date=date)
    quote = worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert not quote.is_preorder
    assert quote.release_date is None


@pytest.mark.parametrize(("days", "kind"), [(1, NotReleased), (-1, OutOfStock)])
def test_of_which_no_key_is_left_it_is_said_whether_it_is_released(server, worker, days, kind):
    day = timezone.now().date() + dt.timedelta(days=days)
    server.orders.facts[PRODUCT] = Facts(release_date=f"{day} 00:00:00")
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), 0))

    with pytest.raises(OutOfStock) as refused:
        worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)

    assert type(refused.value) is kind
    assert getattr(refused.value, "release_date", day) == day
