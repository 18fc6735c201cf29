"""Releases that move while somebody is at the orders that wait for them."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal
from unittest import mock

import pytest
from django.utils import timezone

from saleor_cdkeys import postman
from saleor_cdkeys.acquisition import products
from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.acquisition.freshness.noting import note
from saleor_cdkeys.acquisition.purchasing import lookup
from saleor_cdkeys.delivery.send import SendKind, send
from saleor_cdkeys.models import Delivery, KeyOrder, Purchase, SupplierMapping
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.statuses import KeyOrderStatus
from saleor_cdkeys.suppliers.base import CatalogueProduct
from saleor_cdkeys.suppliers.fakes.kinguin import KinguinServer
from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product, Shop
from saleor_cdkeys.sweeper import due_orders
from saleor_cdkeys.values import Money
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.promises import census
from tests.concurrency.sabotage import rewriting
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier

pytestmark = pytest.mark.race

GAME = "5c9b5f7b2539a4e8f172916a"
RELEASE = timezone.now().date() + dt.timedelta(days=30)
LATER = RELEASE + dt.timedelta(days=7)
_PATIENCE = 20.0
_NOT_POKED = (r'"poked_at" = STATEMENT_TIMESTAMP\(\)', '"poked_at" = NULL')


def _run(order) -> None:
    KeyOrder.objects.filter(order_id=order.pk).update(next_run_at=timezone.now())
    run_order(order_id=order.pk)


def _send_all() -> None:
    Delivery.objects.filter(status="queued").update(next_run_at=timezone.now())
    for pk in Delivery.objects.filter(status="queued").values_list("pk", flat=True):
        send(delivery_id=pk)


@pytest.fixture
def refused(shop):
    """An order whose message waits for the mail server, of a product that got its moment then."""
    product = make_key_product(channel=shop, stock=1)
    with mock.patch.object(postman, "hand_over", side_effect=postman.MailDelayed("down")):
        order = buy(channel=shop, lines=[(product, 1)])
        run_order(order_id=order.pk)
    moment = timezone.now() + dt.timedelta(days=3)
    products.update(key_product_id=product.pk, values={"release_at": moment})
    return order


def _set_moment(moment: dt.datetime | None) -> None:
    (product,) = {row.key_product_id for row in KeyOrder.objects.all()}
    products.update(key_product_id=product, values={"release_at": moment})


def test_a_moment_that_is_taken_away_while_its_message_is_held_back(refused, mails):
    (waiting,) = Delivery.objects.filter(status="queued").values_list("pk", flat=True)
    Delivery.objects.update(next_run_at=timezone.now())
    holding, taken = MeetingPoint(2, patience=_PATIENCE), MeetingPoint(2, patience=_PATIENCE)

    def work():
        takes_out = r'DELETE FROM "saleor_cdkeys_deliveryitem"'
        with taken.before(takes_out), holding.before(takes_out):
            return send(delivery_id=waiting).kind

    def staff():
        holding.meet()
        _set_moment(None)
        run_order(order_id=refused.pk)
        taken.meet()

    worked, changed = at_once(work, staff)

    assert (worked.value, changed.error) == (SendKind.CANCELED, "")
    assert census() == {"assigned": 1}
    # Nothing rings, so it is looked at again in some minutes.
    for _run_again in range(2):
        _run(refused)
    assert KeyOrder.objects.get().status == KeyOrderStatus.DELIVERED
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["canceled", "sent"]
    assert len(mails.to(refused.user_email)) == 1


def test_several_workers_hold_one_message_back_once(refused, mails):
    (waiting,) = Delivery.objects.filter(status="queued").values_list("pk", flat=True)
    Delivery.objects.update(next_run_at=timezone.now())

    ended = at_once(*[lambda: send(delivery_id=waiting).kind] * 4)

    kinds = [end.value for end in ended]
    assert kinds.count(SendKind.CANCELED) == 1
    assert set(kinds) <= {SendKind.CANCELED, SendKind.BUSY}
    assert mails.to(refused.user_email) == []
    events = KeyOrder.objects.get().events.values_list("message", flat=True)
    assert sum("may not leave before" in message for message in events) == 1


@pytest.fixture
def server():
    with KinguinServer(
        Shop([Product(GAME, Decimal("5.00"))], late_seconds=3600), api_key="key-1"
    ) as server:
        server.books.details[GAME] = Details(is_preorder=True, release_date=RELEASE.isoformat())
        yield server


@pytest.fixture
def bought(shop, mails, server, settings):
    """A pre-order that was bought, and that is due to be looked up."""
    settings.CDKEYS_SUPPLIER_TIMEOUT = 20.0
    supplier = make_supplier(name="Kinguin", adapter="kinguin", config={"base_url": server.url})
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets={"api_key": "key-1"})
    supplier.save()
    product = make_key_product(channel=shop, source="suppliers", allow_preorder=True)
    make_mapping(product, supplier, GAME)
    order = buy(channel=shop, lines=[(product, 1)])
    run_order(order_id=order.pk)
    _hear(RELEASE)
    Purchase.objects.update(next_check_at=None)
    KeyOrder.objects.update(next_run_at=timezone.now())
    return order


def _hear(day: dt.date) -> None:
    mapping = SupplierMapping.objects.get()
    told = CatalogueProduct(
        GAME, "Game", price=Money(Decimal("5.00"), "EUR"), is_preorder=True, release_date=day
    )
    note(supplier_id=mapping.supplier_id, products={GAME: told}, asked_at=timezone.now())


def _moved_while_it_is_looked_up(order, *, sabotage=contextlib.nullcontext) -> None:
    """The worker has read the old day; before it writes what it found, another one hears of it."""
    asked, told = MeetingPoint(2, patience=_PATIENCE), MeetingPoint(2, patience=_PATIENCE)
    receive = lookup.receive

    def late(**answer):
        asked.meet()
        told.meet()
        return receive(**answer)

    def work():
        with mock.patch.object(lookup, "receive", late):
            return run_order(order_id=order.pk)

    def hear():
        asked.meet()
        with sabotage():
            _hear(LATER)
        told.meet()

    worked, heard = at_once(work, hear)
    assert (worked.value, heard.error) == (1, "")
    assert Purchase.objects.get().release_date == RELEASE


def test_a_day_that_moves_while_the_order_is_looked_up_is_followed_at_once(bought, mails, server):
    _moved_while_it_is_looked_up(bought)

    assert due_orders(limit=10) == [bought.pk]
    run_order(order_id=bought.pk)
    _send_all()

    assert Purchase.objects.get().release_date == LATER
    assert KeyOrder.objects.get().release_told_for == LATER
    assert len(mails.to(bought.user_email)) == 1
    assert len(server.shop.ledger) == 1


def test_else_it_would_be_followed_a_day_later(bought):
    _moved_while_it_is_looked_up(bought, sabotage=lambda: rewriting(_NOT_POKED))

    assert due_orders(limit=10) == []
