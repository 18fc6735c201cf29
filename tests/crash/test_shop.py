"""Workers that die while they write stock and price into the shop."""

from __future__ import annotations

from decimal import Decimal
from unittest import mock

import pytest
from django.db import connection
from saleor.product.models import ProductVariantChannelListing
from saleor.warehouse.models import Stock

from saleor_cdkeys.acquisition.shop.sync import follow_in_shop, sync_product
from saleor_cdkeys.host import prices
from saleor_cdkeys.models import KeyProduct, ShopChange
from tests.crash.dying import die_at_each_moment
from tests.factories import make_warehouse
from tests.factories.cdkeys import make_key_product
from tests.shop.conftest import offer

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("transactional_db")]


@pytest.fixture
def prepare(channel):
    """Makes products that cost 20 and have no stock; they ought to cost 15, and there are 3."""
    make_warehouse(channel)

    def make(number: int) -> KeyProduct:
        product = make_key_product(channel=channel, sku=f"game-{number}", price="20.00")
        offer(product, f"Supplier {number}", "5.00", 3)
        product.follows_stock = True
        product.price_rule, product.price_value = "margin_amount", Decimal(10)
        product.price_currency = "EUR"
        product.save()
        return product

    return make


def _sync(product) -> None:
    sync_product(key_product_id=product.pk)


def _shown(product) -> tuple[Decimal, list[int]]:
    listing = ProductVariantChannelListing.objects.get(variant_id=product.variant_id)
    stock = Stock.objects.filter(product_variant_id=product.variant_id)
    return listing.price_amount, list(stock.values_list("quantity", flat=True))


def _recorded(product) -> tuple[Decimal, list[int]]:
    """What the shop shows as far as the records tell."""
    price, stock = Decimal(20), []
    for change in ShopChange.objects.filter(key_product=product).order_by("id"):
        if change.kind == "price":
            assert change.old_value == price
            price = change.new_value
        else:
            stock = [int(change.new_value)]
    return price, stock


def _unrecorded(deaths) -> list[str]:
    """When workers died after whom the shop shows something else than the records tell."""
    return [death.moment.label for death in deaths if _shown(death.order) != _recorded(death.order)]


def test_the_shop_and_the_records_agree_whenever_the_worker_dies(prepare):
    deaths = die_at_each_moment(prepare, _sync, every=True)

    assert len(deaths) > 10
    assert _unrecorded(deaths) == []
    written = {_shown(death.order) == (15, [3]) for death in deaths}
    assert written == {False, True}

    follow_in_shop()

    assert {_shown(death.order)[0] for death in deaths} == {15}
    assert {tuple(_shown(death.order)[1]) for death in deaths} == {(3,)}
    assert _unrecorded(deaths) == []
    assert ShopChange.objects.count() == 2 * (len(deaths) + 1)


def test_recorded_after_a_commit_a_price_may_change_without_a_record(prepare):
    set_prices = prices.set_prices

    def set_and_commit(**arguments):
        set_prices(**arguments)
        connection._commit()

    def sync_apart(product):
        with mock.patch.object(prices, "set_prices", set_and_commit):
            _sync(product)

    assert _unrecorded(die_at_each_moment(prepare, sync_apart)) != []
