"""Whatever breaks inside the plugin, Saleor's checkout goes on."""

from __future__ import annotations

import logging

import pytest
from django.db import connection, transaction
from saleor.order.models import Order
from saleor.plugins.manager import get_plugins_manager

from saleor_cdkeys.models import KeyOrder
from tests.factories.cdkeys import make_key_product, place
from tests.intake.rows import announce, recorded, rows_of
from tests.intake.test_hooks import HOOKS


@pytest.fixture
def order(channel):
    return place(channel=channel, lines=[(make_key_product(channel=channel), 1)])


def _break_the_table():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE saleor_cdkeys_keyunit RENAME COLUMN number TO broken")


@pytest.mark.parametrize("hook", HOOKS)
def test_an_error_of_the_database_stays_inside(order, hook, caplog):
    _break_the_table()

    with caplog.at_level(logging.ERROR, "saleor_cdkeys.plugin"):
        announce(order, hook)

    assert str(order.pk) in caplog.text
    assert KeyOrder.objects.count() == 0


def test_an_error_does_not_spoil_the_transaction_of_whoever_called(order):
    _break_the_table()

    with transaction.atomic():
        announce(order, "order_created")
        Order.objects.filter(pk=order.pk).update(user_email="still@example.com")

    order.refresh_from_db()
    assert order.user_email == "still@example.com"


def test_what_was_noted_in_a_transaction_that_fails_is_gone_with_it(order):
    with pytest.raises(RuntimeError), transaction.atomic():
        announce(order, "order_created")
        raise RuntimeError

    assert KeyOrder.objects.count() == 0


def test_a_bell_that_breaks_stays_inside(order, monkeypatch):
    def broken(_self, _ids):
        raise RuntimeError

    monkeypatch.setattr("saleor_cdkeys.bell.Bell.ring", broken)

    announce(order, "order_fully_paid")

    assert rows_of(order) == [recorded("game-1", 1)]


def test_subjects_that_are_no_orders_stay_inside(db):
    plugin = get_plugins_manager(allow_replica=False).get_plugin("saleor.cdkeys")

    assert plugin.order_created(None, previous_value="said") == "said"
    assert plugin.order_bulk_created(None, previous_value="said") == "said"
