"""One order that several workers want to buy for at the same moment."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from unittest import mock

import pytest

from saleor_cdkeys import lease
from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.models import KeyOrder, Purchase
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.suppliers.sandbox_server import Product, SandboxServer, Shop
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import NO_ROW_LOCKS, rewriting, without_unique
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier

pytestmark = pytest.mark.race

_WORKERS = 4


@pytest.fixture
def sandbox():
    with SandboxServer(Shop([Product("P1", Decimal("5.00"))]), hang_seconds=3.0) as server:
        yield server


def _race(shop, sandbox, *, sabotage=contextlib.nullcontext):
    product = make_key_product(channel=shop, source="suppliers")
    make_mapping(product, make_supplier(config={"base_url": sandbox.url}), "P1")
    order = buy(channel=shop, lines=[(product, 1)])
    claiming, writing = MeetingPoint(_WORKERS), MeetingPoint(_WORKERS)

    def job():
        with (
            sabotage(),
            claiming.after(r"SELECT .* FROM \"saleor_cdkeys_keyorder\" .*next_run_at"),
            writing.before(r"INSERT INTO \"saleor_cdkeys_purchase\""),
        ):
            return run_order(order_id=order.pk)

    return at_once(*[job] * _WORKERS)


def test_one_of_them_buys(shop, mails, sandbox):
    ended = _race(shop, sandbox)

    assert [end.error for end in ended] == [""] * _WORKERS
    assert sorted(end.value for end in ended) == [0, 0, 0, 1]
    assert len(sandbox.shop.ledger) == 1
    assert KeyOrder.objects.get().status == "delivered"
    assert len(mails.messages) == 1


@contextlib.contextmanager
def _nobody_owns_anything():
    """Neither row locks nor leases: every worker takes the order for its own."""
    with (
        rewriting(NO_ROW_LOCKS),
        mock.patch.object(
            lease, "lock_owned", lambda *, key_order_id, **_: KeyOrder.objects.get(pk=key_order_id)
        ),
        mock.patch.object(lease, "renew"),
        # There is no stock; what asks for it has a look at the lease of its own.
        mock.patch.object(stock, "allocate"),
    ):
        yield


def test_even_without_locks_the_database_lets_one_buy(shop, mails, sandbox):
    _race(shop, sandbox, sabotage=_nobody_owns_anything)

    assert len(sandbox.shop.ledger) == 1


def test_without_locks_and_constraint_it_is_bought_twice(shop, mails, sandbox):
    with without_unique("cdkeys_purchase_one_open"):
        _race(shop, sandbox, sabotage=_nobody_owns_anything)

        assert Purchase.objects.count() > 1
        assert len(sandbox.shop.ledger) > 1
