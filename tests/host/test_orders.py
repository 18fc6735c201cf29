"""Saleor's orders: read, fulfilled, noted."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from saleor.account.models import Address
from saleor.order.models import Fulfillment, Order, OrderLine
from saleor.warehouse.models import Allocation, Stock

from saleor_cdkeys.host.orders import (
    CannotFulfil,
    add_note,
    fulfil_lines,
    read_country,
    read_order,
    read_standing,
)
from saleor_cdkeys.values import Money
from tests.factories import make_order, make_user, make_variant


def line_of(order):
    return OrderLine.objects.get(order_id=order.pk)


def fulfil(order, quantity, line=None):
    line_id = (line or line_of(order)).pk
    with transaction.atomic():
        return fulfil_lines(order_id=order.pk, quantities={line_id: quantity})[line_id]


def state_of(order):
    """Everything that fulfilling may change."""
    return (
        Order.objects.get(pk=order.pk).status,
        list(OrderLine.objects.filter(order_id=order.pk).values_list("quantity_fulfilled")),
        Fulfillment.objects.filter(order_id=order.pk).count(),
        list(Stock.objects.order_by("pk").values_list("quantity", "quantity_allocated")),
        list(Allocation.objects.order_by("pk").values_list("quantity_allocated")),
    )


def test_reading_an_order(channel):
    user = make_user("ada@example.com")
    address = Address.objects.create(first_name="Ada", last_name="Lovelace", country="GB")
    variant = make_variant(sku="doom", name="Doom", channel=channel, price=Decimal("19.99"))
    order = make_order(
        channel, [(variant, 2)], user=user, email="", billing_address=address, language_code="pl"
    )

    snapshot = read_order(order.pk)

    assert snapshot.id == order.pk
    assert snapshot.number == str(order.number)
    assert (snapshot.status, snapshot.charge_status) == ("unfulfilled", "full")
    assert (snapshot.channel_id, snapshot.channel_slug) == (channel.pk, "shop-eur")
    assert (snapshot.user_id, snapshot.email) == (user.pk, "ada@example.com")
    assert (snapshot.customer_name, snapshot.country) == ("Ada Lovelace", "GB")
    assert snapshot.language_code == "pl"
    assert snapshot.total == Money(Decimal("39.98"), "EUR")
    (line,) = snapshot.lines
    assert (line.id, line.variant_id, line.sku) == (line_of(order).pk, variant.pk, "doom")
    assert (line.product_name, line.quantity, line.quantity_fulfilled) == ("Doom", 2, 0)
    assert line.unit_price == Money(Decimal("19.99"), "EUR")


def test_how_an_order_stands_and_where_it_goes(channel, django_assert_num_queries):
    address = Address.objects.create(first_name="Ada", last_name="Lovelace", country="GB")
    variant = make_variant(channel=channel)
    order = make_order(channel, [(variant, 1)], billing_address=address)
    nowhere = make_order(channel, [(variant, 1)])

    with django_assert_num_queries(3):
        standing, country = read_standing(order.pk), read_country(order.pk)
        assert read_country(nowhere.pk) == ""
    nowhere.shipping_address = Address.objects.create(country="PL", city="Lodz")
    nowhere.save(update_fields=["shipping_address"])
    assert read_country(nowhere.pk) == "PL"

    assert (standing.status, standing.charge_status, country) == ("unfulfilled", "full", "GB")
    assert (standing.is_charged, standing.is_called_off) == (True, False)


def test_reading_an_order_of_nobody_with_a_deleted_variant(channel):
    variant = make_variant(channel=channel)
    order = make_order(channel, [(variant, 1)], email="")
    OrderLine.objects.update(variant=None, product_sku=None)

    snapshot = read_order(order.pk)

    assert (snapshot.user_id, snapshot.email, snapshot.customer_name) == (None, "", "")
    assert (snapshot.lines[0].variant_id, snapshot.lines[0].sku) == (None, "")


def test_reading_an_order_that_is_gone(db):
    gone = uuid.uuid4()
    assert (read_order(gone), read_standing(gone), read_country(gone)) == (None, None, "")


def test_fulfilling_a_line_without_stock_records(channel):
    order = make_order(channel, [(make_variant(channel=channel), 2)])

    assert fulfil(order, 2) == 2

    assert state_of(order) == ("fulfilled", [(2,)], 1, [], [])
    fulfilment = Fulfillment.objects.get(order_id=order.pk)
    assert [line.quantity for line in fulfilment.lines.all()] == [2]


def test_fulfilling_some_units_leaves_the_rest(channel):
    order = make_order(channel, [(make_variant(channel=channel), 3)])

    assert fulfil(order, 1) == 1
    assert state_of(order) == ("partially fulfilled", [(1,)], 1, [], [])

    assert fulfil(order, 2) == 2
    assert state_of(order) == ("fulfilled", [(3,)], 2, [], [])


def test_fulfilling_takes_from_the_warehouse_of_the_allocation(channel):
    variant = make_variant(channel=channel, stock=5)
    order = make_order(channel, [(variant, 2)])
    stock = Stock.objects.get()
    Allocation.objects.create(order_line=line_of(order), stock=stock, quantity_allocated=2)
    Stock.objects.update(quantity_allocated=2)

    assert fulfil(order, 2) == 2

    status, lines, fulfilments, stocks, allocations = state_of(order)
    assert (status, lines, fulfilments) == ("fulfilled", [(2,)], 1)
    assert stocks == [(3, 0)]
    assert sum(quantity for (quantity,) in allocations) == 0


def test_fulfilling_more_than_was_counted_is_no_obstacle(channel):
    order = make_order(channel, [(make_variant(channel=channel, stock=1), 3)])

    assert fulfil(order, 3) == 3

    assert state_of(order)[:3] == ("fulfilled", [(3,)], 1)


def test_fulfilling_a_line_whose_variant_was_deleted(channel):
    order = make_order(channel, [(make_variant(channel=channel), 1)])
    OrderLine.objects.update(variant=None)

    assert fulfil(order, 1) == 1

    assert state_of(order)[:3] == ("fulfilled", [(1,)], 1)


def test_what_somebody_else_fulfilled_is_no_error(channel):
    order = make_order(channel, [(make_variant(channel=channel), 3)])
    fulfil(order, 2)

    assert fulfil(order, 3) == 1
    assert state_of(order)[:3] == ("fulfilled", [(3,)], 2)

    before = state_of(order)
    assert fulfil(order, 3) == 0
    assert state_of(order) == before


def test_stale_lines_in_the_callers_hand_do_no_harm(channel):
    order = make_order(channel, [(make_variant(channel=channel), 2)])
    stale = line_of(order)

    fulfil(order, 1, stale)
    fulfil(order, 1, stale)

    assert state_of(order)[:3] == ("fulfilled", [(2,)], 2)


@pytest.mark.parametrize(
    "status", ["draft", "unconfirmed", "canceled", "expired", "returned", "partially_returned"]
)
def test_an_order_that_is_not_open_is_not_fulfilled(channel, status):
    order = make_order(channel, [(make_variant(channel=channel, stock=5), 1)], status=status)
    before = state_of(order)

    with pytest.raises(CannotFulfil, match=status):
        fulfil(order, 1)

    assert state_of(order) == before


def test_an_order_that_is_gone_cannot_be_fulfilled(db):
    with pytest.raises(CannotFulfil, match="gone"), transaction.atomic():
        fulfil_lines(order_id=uuid.uuid4(), quantities={uuid.uuid4(): 1})


def test_lines_of_another_order_are_not_touched(channel):
    variant = make_variant(channel=channel)
    order, other = (make_order(channel, [(variant, 1)]) for _ in range(2))

    assert fulfil(order, 1, line_of(other)) == 0

    assert state_of(order) == ("unfulfilled", [(0,)], 0, [], [])
    assert state_of(other) == ("unfulfilled", [(0,)], 0, [], [])


def test_the_customer_gets_no_mail_of_saleors(channel, mailoutbox):
    order = make_order(channel, [(make_variant(channel=channel), 1)])

    fulfil(order, 1)

    assert mailoutbox == []
    assert not order.events.filter(type="email_sent").exists()


def test_the_order_is_locked_while_it_is_fulfilled(channel, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    order = make_order(channel, [(make_variant(channel=channel), 1)])
    with CaptureQueriesContext(connection) as queries:
        fulfil(order, 1)

    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert 'FROM "order_order"' in locks[0]
    assert 'FROM "order_orderline"' in locks[1]


def test_a_note_stands_in_saleors_own_timeline(channel):
    order = make_order(channel, [(make_variant(channel=channel), 1)])

    add_note(order_id=order.pk, message="Two keys were sent.")
    add_note(order_id=uuid.uuid4(), message="Into the void.")

    (event,) = order.events.all()
    assert (event.type, event.parameters) == ("note_added", {"message": "Two keys were sent."})
    assert (event.user_id, event.app_id) == (None, None)
