"""What is not released yet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import OutOfStock
from saleor_cdkeys.suppliers.fakes.g2a_shop import Facts
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
