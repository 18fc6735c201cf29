from collections import Counter
from decimal import Decimal

import pytest

from demo import shop
from demo.market import FOUR_SUPPLIERS, NAMES, SANDBOX
from demo.plan import plan, purchases_needed
from demo.shop import Kind
from demo.supplier import make_suppliers
from saleor_cdkeys.suppliers.fakes.sellers import REAL, SELLERS


@pytest.mark.parametrize("market", [SANDBOX, FOUR_SUPPLIERS])
def test_shares_make_a_hundred(market):
    assert sum(market.shares.values()) == 100
    assert set(market.shares) == set(Kind)


@pytest.mark.parametrize("market", [SANDBOX, FOUR_SUPPLIERS])
def test_everything_that_is_bought_is_offered_within_the_price_guard(market):
    assert {offer.goods for offer in market.offers} == set(shop.BOUGHT_GOODS)
    for offer in market.offers:
        assert offer.price <= offer.goods.cost * Decimal("1.10")


def test_all_suppliers_are_used_and_have_a_name():
    assert set(FOUR_SUPPLIERS.sellers) == set(REAL)
    assert set(NAMES) == set(SELLERS)


def test_no_supplier_calls_two_products_the_same():
    ids = Counter((offer.seller, offer.product_id) for offer in FOUR_SUPPLIERS.offers)
    assert set(ids.values()) == {1}
    assert all(product_id in SELLERS[seller].product_ids for seller, product_id in ids)


@pytest.mark.parametrize("goods", shop.BOUGHT_GOODS, ids=lambda goods: goods.sku)
def test_who_is_asked_first_runs_out_and_the_next_does_not(goods):
    first, second = FOUR_SUPPLIERS.asked(goods)
    assert first.seller != second.seller
    assert first.part is not None
    assert second.part is None


def test_some_are_chosen_by_price_against_the_order_of_the_mappings():
    assert [offer.seller for offer in FOUR_SUPPLIERS.of(shop.ORBIT)] == ["kinguin", "g2a"]
    assert [offer.seller for offer in FOUR_SUPPLIERS.asked(shop.ORBIT)] == ["g2a", "kinguin"]
    assert shop.WINTER not in FOUR_SUPPLIERS.cheapest
    dear, cheap = FOUR_SUPPLIERS.asked(shop.WINTER)
    assert dear.price > cheap.price


@pytest.mark.parametrize("seed", range(5))
def test_each_supplier_gets_orders_even_on_a_quiet_day(seed):
    orders = plan(count=40, seed=seed, shares=FOUR_SUPPLIERS.shares)
    needed = purchases_needed(orders)
    for supplier in make_suppliers(FOUR_SUPPLIERS, needed=needed, seed=seed):
        for product in supplier.shop.products.values():
            assert product.stock >= 1
    for goods in shop.BOUGHT_GOODS:
        first, _second = FOUR_SUPPLIERS.asked(goods)
        assert 1 <= round(needed[goods] * first.part) < needed[goods]
