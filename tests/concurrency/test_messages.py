"""Suppliers' messages that come twice, or while a worker is at what they are about."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.hints import follow_hints
from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.models import KeyOrder, Purchase
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import KeyOrderStatus, PurchaseStatus
from saleor_cdkeys.suppliers.base import Hint, HintKind
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, SandboxServer, Shop
from saleor_cdkeys.sweeper import due_orders
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.promises import broken, census
from tests.concurrency.sabotage import rewriting
from tests.concurrency.test_buying_once import _nobody_owns_anything
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier

pytestmark = pytest.mark.race

_WORKERS = 4
_KEEPS_THE_ANSWER = r'UPDATE "saleor_cdkeys_purchase" SET "sealed_answer"'
_NOT_POKED = (r'"poked_at" = STATEMENT_TIMESTAMP\(\)', '"poked_at" = NULL')


@pytest.fixture
def sandbox(settings):
    settings.CDKEYS_LOOKUP_SECONDS = 3600.0
    shop = Shop([Product("P1", Decimal("5.00"))], late_seconds=0.2)
    with SandboxServer(shop, hang_seconds=3.0) as server:
        yield server


@pytest.fixture
def order(shop, sandbox):
    """Two keys, to be bought."""
    product = make_key_product(channel=shop, source="suppliers")
    make_mapping(product, make_supplier(config={"base_url": sandbox.url}), "P1")
    return buy(channel=shop, lines=[(product, 2)])


@pytest.fixture
def taken(order, sandbox):
    """The order when the supplier has taken it; its keys are looked for only in an hour."""
    sandbox.script.queue([Fault.LATE])
    run_order(order_id=order.pk)
    later = timezone.now() + dt.timedelta(hours=1)
    Purchase.objects.update(next_check_at=later)
    KeyOrder.objects.update(next_run_at=later)
    assert due_orders(limit=10) == []
    sandbox.stopping.wait(0.25)
    return order


def _tell() -> list:
    """A message came that the order has changed; returns the orders that are to be run."""
    purchase = Purchase.objects.get()
    hint = Hint(HintKind.ORDER, id=purchase.supplier_order_id, reference=str(purchase.reference))
    return follow_hints(supplier_id=purchase.supplier_id, hints=[hint])


def _look_ups(sandbox) -> int:
    return sum(call.startswith("GET /orders") for call in sandbox.requests)


def _told_twice(order, *, sabotage=contextlib.nullcontext) -> None:
    """The message comes to several processes at once, each of which runs the order then."""
    told, claiming = MeetingPoint(_WORKERS), MeetingPoint(_WORKERS)

    def take():
        assert _tell() == [order.pk]
        told.meet()
        with sabotage(), claiming.after(r"SELECT .* FROM \"saleor_cdkeys_keyorder\" .*next_run_at"):
            return run_order(order_id=order.pk)

    ended = at_once(*[take] * _WORKERS)
    assert [end.error for end in ended] == [""] * _WORKERS


def test_a_message_that_comes_several_times_at_once_is_one_question(taken, mails, sandbox):
    _told_twice(taken)

    assert _look_ups(sandbox) == 1
    assert len(sandbox.shop.ledger) == 1
    assert census() == {"assigned": 2}
    assert broken(taken, mails=mails) == []


def test_if_nobody_owned_the_order_each_of_them_would_ask(taken, mails, sandbox):
    _told_twice(taken, sabotage=_nobody_owns_anything)

    assert _look_ups(sandbox) > 1
    # Keys are stored once all the same, and nothing is bought again.
    assert len(sandbox.shop.ledger) == 1
    assert census() == {"assigned": 2}


def _told_while_it_is_bought(order, sandbox, *, fault=None, sabotage=contextlib.nullcontext):
    """A worker has the supplier's answer; before it stores that, a message comes for the order."""
    sandbox.script.queue([fault])
    has_answer, is_told = MeetingPoint(2), MeetingPoint(2)

    def work():
        with (
            sabotage(),
            has_answer.before(_KEEPS_THE_ANSWER),
            is_told.before(_KEEPS_THE_ANSWER),
        ):
            return run_order(order_id=order.pk)

    def take():
        has_answer.meet()
        with sabotage():
            assert _tell() == [order.pk]
        ran = run_order(order_id=order.pk)
        sandbox.stopping.wait(0.25)
        is_told.meet()
        return ran

    worked, took = at_once(work, take)
    assert (worked.value, took.error) == (1, "")
    assert len(sandbox.shop.ledger) == 1
    return took.value


def test_a_message_while_the_order_is_bought_buys_nothing(order, mails, sandbox):
    assert _told_while_it_is_bought(order, sandbox) == 0

    # It is due once more, and there is nothing left to do.
    assert due_orders(limit=10) == [order.pk]
    run_order(order_id=order.pk)
    assert due_orders(limit=10) == []
    assert _look_ups(sandbox) == 0
    assert len(sandbox.shop.ledger) == 1
    assert census() == {"assigned": 2}
    assert broken(order, mails=mails) == []


def test_what_a_message_told_while_it_was_bought_is_looked_up_at_once(order, mails, sandbox):
    _told_while_it_is_bought(order, sandbox, fault=Fault.LATE)
    assert Purchase.objects.get().status == PurchaseStatus.ACCEPTED
    assert due_orders(limit=10) == [order.pk]

    run_order(order_id=order.pk)

    assert _look_ups(sandbox) == 1
    assert census() == {"assigned": 2}
    assert broken(order, mails=mails) == []


@contextlib.contextmanager
def _answer_counts_for_the_newest():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            journal,
            "next_check",
            lambda purchase, retry_after=None: (
                timezone.now() + journal.pause(purchase, retry_after)
            ),
        )
        yield


@pytest.mark.parametrize(
    ("sabotage", "is_due"),
    [(lambda: rewriting(_NOT_POKED), False), (_answer_counts_for_the_newest, True)],
    ids=["not poked", "by the older answer"],
)
def test_else_it_would_be_looked_up_an_hour_later(order, sandbox, sabotage, is_due):
    _told_while_it_is_bought(order, sandbox, fault=Fault.LATE, sabotage=sabotage)
    assert due_orders(limit=10) == ([order.pk] if is_due else [])

    run_order(order_id=order.pk)

    assert _look_ups(sandbox) == 0
    assert KeyOrder.objects.get().status == KeyOrderStatus.WAITING
