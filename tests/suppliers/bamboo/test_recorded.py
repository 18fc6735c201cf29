"""The recorded examples are read as they stand, and asked for as they were."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

from django.utils import timezone

from saleor_cdkeys.suppliers.bamboo import BambooSupplier
from saleor_cdkeys.values import KeyCode
from tests.suppliers.bamboo.account import BASIC, ask, bought, codes_of, eur, quoted, request_lines
from tests.suppliers.bamboo.answers import (
    ACCEPTED,
    ACCOUNTS,
    CATALOGUE,
    CODE,
    REFERENCE,
    TWO,
    history_of,
    history_row,
    order_told,
)


def test_a_quote_is_read():
    quote, requests = quoted(ACCOUNTS, CATALOGUE)
    assert (quote.unit_price, quote.available) == (eur("5.10"), None)
    assert (quote.blocked_countries, quote.is_preorder) == (frozenset(), False)
    assert request_lines(requests) == [
        "GET /api/integration/v1.0/accounts",
        "GET /api/integration/v2.0/catalog?ProductId=55&TargetCurrency=EUR",
    ]
    for request in requests:
        assert f"authorization: basic {BASIC}".lower() in request.decode().lower()


def test_an_order_is_sent_as_recorded_and_read_once(kept, noted):
    order, requests = bought(
        ACCEPTED,
        order_told(*TWO),
        ACCOUNTS,
        history_of(history_row()),
        kept=kept.append,
        note=noted.append,
    )

    assert order.supplier_order_id == str(REFERENCE)
    assert codes_of(order) == [KeyCode.of_text(CODE), KeyCode.of_text("DDDDD-EEEEE-FFFFF")]
    assert [key.supplier_key_id for key in order.keys] == ["1", "2"]
    assert order.is_final
    assert order.charged == eur("10.2")
    today = timezone.now().date()
    start, end = today - dt.timedelta(days=1), today + dt.timedelta(days=2)
    assert request_lines(requests) == [
        "POST /api/integration/v1.0/orders/checkout",
        f"GET /api/integration/v1.0/orders/{REFERENCE}",
        "GET /api/integration/v1.0/accounts",
        f"GET /api/Integration/v1/orders?startDate={start}&endDate={end}",
    ]
    assert requests[0].partition(b"\r\n\r\n")[2] == (
        b'{"RequestId": "0f8fad5b-d9cb-469f-a165-70867728950e", "AccountId": 1001, '
        b'"Products": [{"ProductId": 55, "Quantity": 2, "Value": 10}]}'
    )
    assert kept == [ACCEPTED.encode(), order_told(*TWO).encode()]
    assert noted == [str(REFERENCE)]


def test_the_balance_is_that_of_the_account():
    balance, _requests = ask(lambda adapter: adapter.balance(), ACCOUNTS)
    assert balance == eur("100828.4848")


def test_the_live_address_is_the_usual_one():
    config = {"account_id": "1001", "base_url": ""}
    with closing(BambooSupplier(config=config, secrets={})) as adapter:
        address = adapter._api._client._client.base_url
    assert str(address) == "https://api.bamboocardportal.com"
