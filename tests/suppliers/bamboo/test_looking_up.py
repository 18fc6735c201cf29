"""When an order that is looked for is clearly none, and when that is unknown."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, OrderQuery, OutcomeUnknown, TryLater
from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.suppliers.asking import ignore
from tests.suppliers.bamboo.account import (
    ask,
    buy,
    card_code,
    codes_of,
    eur,
    looked_up,
    make_query,
    request_lines,
)
from tests.suppliers.bamboo.answers import OTHER, REFERENCE, history_of, history_row


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("404 Not Found", '{"message":"OrderNotFound"}'), None),
        (("404 Not Found", '{"reasonCode":"OrderNotFound"}'), None),
        (("400 Bad Request", '{"error":"OrderNotFound"}'), None),
        (("404 Not Found", '{"message":"InvalidProduct"}'), OutcomeUnknown),
        (("400 Bad Request", "{}"), OutcomeUnknown),
        (("403 Forbidden", "{}"), AccountProblem),
        (("401 Unauthorized", "{}"), AccountProblem),
        (("500 Server Error", '{"message":"OrderNotFound"}'), TryLater),
        (("200 OK", '{"message":"OrderNotFound"}'), OutcomeUnknown),
    ],
)
def test_not_found_is_a_clear_none_in_its_own_words(told, expected):
    found = looked_up(told)
    assert found is None if expected is None else type(found) is expected


@pytest.mark.parametrize("body", ["", "<html>", '{"title": "Not Found", "status": 404}'])
@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ("[]", None),
        (history_of(history_row(OTHER), history_row(None)), None),
        (history_of(history_row()), OutcomeUnknown),
        (history_of(history_row(str(REFERENCE).upper())), OutcomeUnknown),
        (history_of({}), OutcomeUnknown),
        ("{}", OutcomeUnknown),
        (("404 Not Found", "<html>"), OutcomeUnknown),
        (("503 Down", "{}"), TryLater),
    ],
)
def test_a_404_without_its_reason_is_none_only_if_the_history_has_no_such_order_either(
    body, history, expected
):
    found = looked_up(("404 Not Found", body), history)
    assert found is None if expected is None else type(found) is expected


def test_the_history_is_asked_for_the_days_around():
    moment = dt.datetime(2025, 7, 14, 23, 59, tzinfo=dt.UTC)
    query = OrderQuery(reference=REFERENCE, supplier_product_id="55", quantity=1, sent_at=moment)
    found, requests = ask(
        lambda adapter: adapter.find_order(query, keep=ignore), ("404 Not Found", "{}"), "[]"
    )
    assert found is None
    assert request_lines(requests)[1] == (
        "GET /api/Integration/v1/orders?startDate=2025-07-13&endDate=2025-07-16"
    )


def test_a_lost_order_is_found_with_its_charge(server, adapter):
    reference = uuid.uuid4()
    with pytest.raises(OutcomeUnknown):
        buy(adapter, server, Fault.DROP_AFTER, reference=reference)

    order = adapter.find_order(make_query(reference), keep=ignore)

    assert codes_of(order) == [card_code(key) for key in server.shop.ledger[str(reference)].keys]
    assert (order.is_final, order.charged) == (True, eur("10.20"))


def test_a_repeated_reference_is_refused_and_the_first_order_found(server, adapter):
    reference, first = buy(adapter, server)
    with pytest.raises(OutcomeUnknown) as caught:
        buy(adapter, server, reference=reference)

    assert caught.value.supplier_code == "OrderAlreadyExists"
    assert server.shop.refused_references == [str(reference)]
    assert adapter.find_order(make_query(reference), keep=ignore) == first
