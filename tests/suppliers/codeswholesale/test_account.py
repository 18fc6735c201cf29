"""The account: its tokens, its limits, and what it says it can do."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    Catalogue,
    Changes,
    NotSent,
    Returns,
    TryLater,
    Webhooks,
)
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore
from tests.suppliers.codeswholesale.account import (
    buy,
    make_query,
    make_request,
    open_adapter,
    texts_of,
    texts_sold,
)
from tests.suppliers.codeswholesale.answers import PRODUCT


def test_it_says_what_it_can(adapter):
    can = adapter.capabilities
    protocols = [Catalogue, Changes, Webhooks, Returns]
    assert [isinstance(adapter, protocol) for protocol in protocols] == [True, True, True, False]
    assert (can.catalogue, can.changes, can.webhooks, can.returns) == (True, True, True, False)
    assert (can.price_guard, can.refuses_repeats) == (False, False)


def test_a_token_that_ended_early_is_no_problem_of_the_account(server):
    for _worker in range(2):
        with closing(open_adapter(server.url, account="a1")) as adapter:
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    server.tokens.revoke()
    request = make_request(unit_price=Money(Decimal("5.10"), "EUR"))

    with closing(open_adapter(server.url, account="a1")) as adapter:
        with pytest.raises(NotSent):
            adapter.buy(request, keep=ignore, note=ignore)
        assert server.shop.ledger == {}
        order = adapter.buy(request, keep=ignore, note=ignore)

    assert texts_of(order) == texts_sold(server, request.reference)
    assert [asked for asked in server.requests if "token" in asked] == ["POST /oauth/token"] * 2


def test_a_read_goes_on_with_another_token(server):
    with closing(open_adapter(server.url, account="a1")) as adapter:
        reference, order = buy(adapter, server)
        server.tokens.revoke()
        found = adapter.find_order(make_query(reference), keep=ignore)
    assert found == order


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.TIMEOUT_BEFORE, NotSent),
        (Fault.DROP_BEFORE, NotSent),
        (Fault.ERROR_BEFORE, NotSent),
        (Fault.BUSY, Busy),
        (Fault.WRONG_CREDENTIALS, AccountProblem),
    ],
)
def test_without_a_token_nothing_is_sent(server, adapter, fault, expected):
    server.token_script.queue([fault])
    with pytest.raises(expected) as caught:
        buy(adapter, server)
    assert type(caught.value) is expected
    assert server.requests == ["POST /oauth/token"]
    assert getattr(caught.value, "retry_after", 7) == 7


@pytest.mark.parametrize(
    ("calls", "ask"),
    [
        (600, lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1)),
        (400, lambda adapter: adapter.search(text="")),
    ],
    ids=["product", "list"],
)
def test_it_asks_no_more_often_than_is_allowed(server, monkeypatch, calls, ask):
    from saleor_cdkeys.suppliers import rate_limit

    monkeypatch.setattr(rate_limit.time, "time", lambda: 1_200_000.0)
    counted = {
        600: "cdkeys:supplier:a1:product:300:4000",
        400: "cdkeys:supplier:a1:products:600:2000",
    }
    rate_limit.cache.set(counted[calls], calls - 1)

    with closing(open_adapter(server.url, account="a1")) as adapter:
        ask(adapter)
        with pytest.raises(TryLater) as caught:
            ask(adapter)
        assert caught.value.retry_after in (300, 600)
        # Each of its limits is for one call, so the others go on.
        assert adapter.balance() is not None
