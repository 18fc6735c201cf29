"""The account: its balance, its currency, and its turns."""

from __future__ import annotations

import logging
import time
from contextlib import closing

import pytest
from django.core.cache import cache

from saleor_cdkeys.suppliers.base import AccountProblem, Busy, TryLater
from tests.suppliers.asking import ignore
from tests.suppliers.bamboo.account import ask, buy, eur, make_request, open_adapter
from tests.suppliers.bamboo.answers import ACCOUNTS, PRODUCT


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        ('{"accounts": []}', AccountProblem),
        (ACCOUNTS.replace("1001", "1002"), AccountProblem),
        (ACCOUNTS.replace('"isActive":true', '"isActive":false'), AccountProblem),
        (("403 Forbidden", "{}"), AccountProblem),
        (ACCOUNTS.replace("100828.4848", "null"), TryLater),
        (ACCOUNTS.replace("EUR", "euro"), TryLater),
        (("400 Bad Request", "{}"), TryLater),
        ("[]", TryLater),
    ],
)
def test_an_account_is_there_and_active(accounts, expected):
    error, _requests = ask(lambda adapter: adapter.balance(), accounts)
    assert type(error) is expected


def test_a_balance_may_be_below_zero():
    told = ACCOUNTS.replace("100828.4848", "-12.5")
    assert ask(lambda adapter: adapter.balance(), told)[0] == eur("-12.5")


def test_an_account_that_is_closed_buys_nothing(server, adapter):
    server.is_active = False
    with pytest.raises(AccountProblem):
        buy(adapter, server)
    assert server.shop.ledger == {}


def test_the_currency_is_asked_for_once_by_all_workers_of_an_account(server):
    for _worker in range(2):
        with closing(open_adapter(server.url, account="A")) as adapter:
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert server.requests.count("GET /api/integration/v1.0/accounts") == 1
    with closing(open_adapter(server.url, account="B")) as adapter:
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert server.requests.count("GET /api/integration/v1.0/accounts") == 2


def test_a_cache_that_fails_only_costs_a_question(server, monkeypatch, log):
    def fails(*_args, **_kwargs):
        raise ConnectionError("redis://secret@cache")

    for name in ("get", "set", "add", "incr"):
        monkeypatch.setattr(cache, name, fails)
    with closing(open_adapter(server.url, account="A")) as adapter:
        assert adapter.quote(supplier_product_id=PRODUCT, quantity=1).unit_price == eur("5.10")
    assert "redis://secret" not in log.text
    assert max(record.levelno for record in log.records) >= logging.WARNING


def test_calls_that_buy_nothing_wait_their_turn(server):
    with closing(open_adapter(server.url, account="A")) as adapter:
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
        started = time.time()
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
        # The next full second may have been near.
        assert int(started) < int(time.time())


def test_an_order_does_not_wait_its_turn(server):
    with closing(open_adapter(server.url, account="A")) as adapter:
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
        gate = adapter._api._checkout
        while gate.seconds_to_wait() == 0:
            pass
        request = make_request()
        with pytest.raises(Busy) as caught:
            adapter.buy(request, keep=ignore, note=ignore)
    assert 0 < caught.value.retry_after <= 1
    assert server.shop.ledger == {}
