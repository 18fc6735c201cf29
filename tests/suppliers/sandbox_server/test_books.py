"""The sandbox keeps the books that everything else is compared with."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest

from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, Shop
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal
from tests.suppliers.sandbox_server.buying import KEY, place_order, sell


def test_a_sale_changes_stock_balance_and_ledger(shop):
    sold = sell(shop, quantity=3, reference="r1")

    assert shop.products["P1"].stock == 7
    assert shop.balance == Decimal("84.70")
    assert list(shop.ledger) == ["r1"]
    assert shop.ledger["r1"] == sold
    assert (sold.quantity, sold.charged, len(sold.keys)) == (3, Decimal("15.30"), 3)
    assert len({key["code"] for key in sold.keys}) == 3
    assert len({key["id"] for key in sold.keys}) == 3


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"quantity": 11}, "out_of_stock"),
        ({"quantity": 0}, "invalid"),
        ({"quantity": -1}, "invalid"),
        ({"max_price": "5.09"}, "price_changed"),
        ({"product": "P2"}, "unknown_product"),
        ({"fault": Fault.NO_STOCK}, "out_of_stock"),
        ({"fault": Fault.NO_BALANCE}, "insufficient_balance"),
        ({"fault": Fault.PRICE_RISES, "max_price": "15.29"}, "price_changed"),
    ],
)
def test_a_refusal_changes_nothing(shop, order, code):
    with pytest.raises(Refusal) as refused:
        sell(shop, **order)

    assert refused.value.code == code
    assert shop.products["P1"].stock == 10
    assert shop.balance == 100
    assert shop.ledger == {}


def test_an_empty_account_buys_nothing(shop):
    shop.balance = Decimal("5.09")
    with pytest.raises(Refusal, match="insufficient_balance"):
        sell(shop)
    assert shop.balance == Decimal("5.09")


def test_a_reference_sells_once_and_its_repetition_is_remembered(shop):
    first = sell(shop, reference="r1")

    with pytest.raises(Refusal) as refused:
        sell(shop, reference="r1", quantity=2)

    assert (refused.value.code, refused.value.order) == ("duplicate_reference", first.id)
    assert shop.refused_references == ["r1"]
    assert shop.products["P1"].stock == 9
    assert shop.ledger["r1"].quantity == 1


def test_books_in_a_file_outlive_the_shop(tmp_path):
    file = str(tmp_path / "books.sqlite")
    before = Shop([Product("P1", Decimal("5.10"), 10)], balance=Decimal(100), database=file)
    sold = sell(before, quantity=2, reference="r1")

    after = Shop([Product("P1", Decimal("9"), 99)], balance=Decimal(1), database=file)

    assert after.ledger == {"r1": sold}
    assert after.products["P1"] == Product("P1", Decimal("5.10"), 8)
    assert after.balance == Decimal("89.80")


def test_two_who_buy_the_last_key_at_once_do_not_both_get_it(server):
    server.shop.set_product(Product("P1", Decimal("5.10"), 1))
    meeting = threading.Barrier(8)

    def buy(_number):
        with httpx.Client(base_url=server.url, headers={"X-Api-Key": KEY}, timeout=10) as buyer:
            meeting.wait()
            return place_order(buyer).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(buy, range(8)))

    assert statuses == [201] + [409] * 7
    assert server.shop.products["P1"].stock == 0
    assert len(server.shop.ledger) == 1


def test_two_orders_with_one_reference_at_once_sell_once(server):
    meeting = threading.Barrier(8)

    def buy(_number):
        with httpx.Client(base_url=server.url, headers={"X-Api-Key": KEY}, timeout=10) as buyer:
            meeting.wait()
            return place_order(buyer, reference="r1").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(buy, range(8)))

    assert statuses == [201] + [409] * 7
    assert len(server.shop.ledger) == 1
    assert server.shop.refused_references == ["r1"] * 7
