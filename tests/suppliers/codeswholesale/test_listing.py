"""Looking an order up in the list, and when its absence there proves anything."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import AccountProblem, OrderQuery, OutcomeUnknown, TryLater
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore
from tests.suppliers.codeswholesale.account import (
    ask,
    buy,
    looked_up,
    lose,
    make_query,
    texts_of,
    texts_sold,
)
from tests.suppliers.codeswholesale.answers import (
    ORDER_ID,
    PRODUCT,
    REFERENCE,
    order_told,
    text_code,
)


@pytest.mark.parametrize("by_reference", [True, False])
@pytest.mark.parametrize("page_size", [200, 2])
def test_a_lost_order_is_found_in_the_list(server, adapter, page_size, by_reference):
    server.page_size, server.finds_by_reference = page_size, by_reference
    reference = lose(adapter, server)
    for _number in range(5):
        buy(adapter, server)

    order = adapter.find_order(make_query(reference), keep=ignore)

    assert texts_of(order) == texts_sold(server, reference)
    assert order.is_final
    assert order.charged == Money(Decimal("10.20"), "EUR")


@pytest.mark.parametrize(
    ("age", "retry_after"), [(dt.timedelta(seconds=5), 240), (dt.timedelta(minutes=9), 60)]
)
def test_an_order_that_is_not_listed_is_unknown_while_it_is_young(
    server, adapter, age, retry_after
):
    server.lists_after, server.finds_by_reference = 600, False
    reference = lose(adapter, server)

    with pytest.raises(OutcomeUnknown) as caught:
        adapter.find_order(make_query(reference, age=age), keep=ignore)

    assert caught.value.retry_after == pytest.approx(retry_after, abs=2)


def test_a_list_that_may_be_cut_off_proves_nothing(server, adapter):
    server.finds_by_reference = False
    reference = lose(adapter, server)
    for _number in range(20):
        buy(adapter, server)
    server.lists_at_most = 20

    with pytest.raises(OutcomeUnknown):
        adapter.find_order(make_query(reference), keep=ignore)

    server.lists_at_most = 21
    assert adapter.find_order(make_query(reference), keep=ignore) is not None


def test_a_long_list_that_reaches_over_the_moment_proves_that_there_is_none(server, adapter):
    for _number in range(21):
        buy(adapter, server)
    orders = server.books.orders()
    orders[-1].created = timezone.now() - dt.timedelta(hours=2)
    assert adapter.find_order(make_query(uuid.uuid4()), keep=ignore) is None

    orders[-1].created = timezone.now()
    with pytest.raises(OutcomeUnknown):
        adapter.find_order(make_query(uuid.uuid4()), keep=ignore)


def test_the_list_is_asked_for_the_days_around(server):
    moment = dt.datetime(2025, 7, 14, 23, 59, tzinfo=dt.UTC)
    query = OrderQuery(reference=REFERENCE, supplier_product_id=PRODUCT, quantity=1, sent_at=moment)
    found, requests = ask(
        lambda adapter: adapter.find_order(query, keep=ignore),
        '{"items": []}',
        ("404 Not Found", "{}"),
    )
    assert found is None
    assert requests[0].startswith(
        b"GET /v3/orders?startFrom=2025-07-13T00%3A00%3A00.000Z&endOn=2025-07-16T00%3A00%3A00.000Z "
    )
    assert requests[1].startswith(f"GET /v3/orders/{REFERENCE} ".encode())


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ('{"items": [{"clientOrderId": "x"}]}', OutcomeUnknown),
        ('{"items": ["x"]}', TryLater),
        ('{"items": null}', TryLater),
        ("{}", TryLater),
        (("400 Bad Request", "{}"), TryLater),
        (("404 Not Found", "[]"), TryLater),
        (("403 Forbidden", "{}"), AccountProblem),
    ],
)
def test_a_list_that_cannot_be_read_is_no_clear_none(listed, expected):
    assert type(looked_up(listed)) is expected


def test_a_list_whose_pages_lead_in_a_circle_is_no_clear_none():
    page = '{"items": [], "continuationToken": "again"}'
    assert type(looked_up(page, page)) is TryLater


def test_an_order_on_two_pages_is_one():
    listed = {"orderId": ORDER_ID, "clientOrderId": str(REFERENCE)}
    first = json.dumps({"items": [listed], "continuationToken": "2"})
    order = looked_up(
        first, json.dumps({"items": [listed]}), order_told(text_code(1), text_code(2))
    )
    assert len(order.keys) == 2
    assert order.charged == Money(Decimal("10.6"), "EUR")


def test_how_long_an_order_may_be_missing_follows_the_quiet_period(server, adapter, settings):
    settings.CDKEYS_QUIET_SECONDS = 1.0
    query = make_query(uuid.uuid4(), age=dt.timedelta(seconds=8))
    with pytest.raises(OutcomeUnknown) as caught:
        adapter.find_order(query, keep=ignore)
    assert caught.value.retry_after == pytest.approx(2, abs=0.5)

    query = make_query(uuid.uuid4(), age=dt.timedelta(seconds=11))
    assert adapter.find_order(query, keep=ignore) is None
