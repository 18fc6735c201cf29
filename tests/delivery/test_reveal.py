"""Codes leave in one place only, and never before it is written down."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from saleor_cdkeys import vault
from saleor_cdkeys.delivery.links import create_link
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.reveal import (
    reveal_for_customer,
    reveal_for_link,
    reveal_for_staff,
)
from saleor_cdkeys.errors import InvalidInput, SealBroken
from saleor_cdkeys.models import Delivery, Key, KeyAccess, KeyOrderEvent
from saleor_cdkeys.statuses import AccessKind, EventType, KeyStatus, UnitStatus
from saleor_cdkeys.values import Actor, KeyCode
from tests.delivery.rows import make_key, make_line
from tests.factories import make_channel, make_order, make_user, make_variant

STAFF = Actor(user_id=5, ip="198.51.100.7")


def link_for(key_order):
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    return create_link(delivery_id=delivery.pk, days=30)[1]


def order_of(user):
    """Saleor's order of a customer; None for one without an account."""
    channel = make_channel()
    return make_order(channel, [(make_variant(channel=channel), 1)], user=user)


def ids_of(key_order):
    return list(key_order.units.order_by("number").values_list("pk", flat=True))


def test_staff_reveal_is_recorded_with_who_and_from_where(db):
    key_order = make_line("AAAA-1111")
    key = Key.objects.get()

    assert reveal_for_staff(key_id=key.pk, actor=STAFF).text == "AAAA-1111"

    access = KeyAccess.objects.get()
    assert (access.key, access.kind) == (key, AccessKind.STAFF_REVEAL)
    assert (access.user_id, access.app_id, access.ip) == (5, None, "198.51.100.7")
    event = KeyOrderEvent.objects.get(type=EventType.REVEALED)
    assert (event.key_order, event.user_id) == (key_order, 5)
    assert event.data == {"kind": "staff_reveal", "units": [1]}
    key.refresh_from_db()
    assert key.status == KeyStatus.ASSIGNED
    assert key.exposed_at is not None


def test_exposure_is_the_first_time_and_stays(db):
    make_line("AAAA-1111")
    key = Key.objects.get()
    reveal_for_staff(key_id=key.pk, actor=STAFF)
    first = Key.objects.get().exposed_at
    reveal_for_staff(key_id=key.pk, actor=STAFF)
    assert Key.objects.get().exposed_at == first
    assert KeyAccess.objects.count() == 2


def test_a_key_for_sale_that_staff_saw_is_not_for_sale_any_more(db):
    product = make_line("AAAA-1111").key_product
    key = make_key(product=product, code=KeyCode.of_text("STOCK-0001"))

    assert reveal_for_staff(key_id=key.pk, actor=STAFF).text == "STOCK-0001"

    key.refresh_from_db()
    assert key.status == KeyStatus.QUARANTINED
    assert key.exposed_at is not None
    assert KeyAccess.objects.get().key == key


def test_no_such_key(db):
    with pytest.raises(InvalidInput) as caught:
        reveal_for_staff(key_id=1, actor=STAFF)
    assert (caught.value.field, caught.value.code) == ("id", "not_found")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["staff", "customer", "link"])
def test_the_record_is_committed_before_the_seal_is_broken(who, monkeypatch):
    customer = make_user()
    key_order = make_line("AAAA-1111", order_id=order_of(customer).pk)
    link = link_for(key_order)
    key_order.units.update(status=UnitStatus.DELIVERED)
    seen = []
    real = vault.open_code

    def look(sealed, *, uid):
        seen.append((connection.in_atomic_block, Key.objects.get().exposed_at is not None))
        seen.append(KeyAccess.objects.count())
        return real(sealed, uid=uid)

    monkeypatch.setattr(vault, "open_code", look)
    if who == "staff":
        reveal_for_staff(key_id=Key.objects.get().pk, actor=STAFF)
    elif who == "customer":
        reveal_for_customer(unit_ids=ids_of(key_order), actor=Actor(user_id=customer.pk))
    else:
        reveal_for_link(link=link, ip=None)

    assert seen == [(False, True), 1]


def test_a_seal_that_does_not_open_leaves_the_record(db):
    make_line("AAAA-1111")
    key = Key.objects.get()
    Key.objects.update(sealed=bytes(key.sealed)[:-1] + b"\0")
    with pytest.raises(SealBroken):
        reveal_for_staff(key_id=key.pk, actor=STAFF)
    assert Key.objects.get().exposed_at is not None
    assert KeyAccess.objects.count() == 1


def test_a_link_gives_its_units_in_order_and_nothing_else(db):
    first = make_line("AAAA-1111", "AAAA-2222")
    make_line("BBBB-1111", order_id=first.order_id)
    make_line("CCCC-1111")
    link = link_for(first)

    units = reveal_for_link(link=link, ip="203.0.113.9")

    assert [(u.number, u.code.text) for u in units] == [
        (1, "AAAA-1111"),
        (2, "AAAA-2222"),
        (1, "BBBB-1111"),
    ]
    accesses = KeyAccess.objects.all()
    assert {(a.kind, a.ip, a.delivery_id) for a in accesses} == {
        (AccessKind.CUSTOMER_REVEAL, "203.0.113.9", link.delivery_id)
    }
    assert len(accesses) == 3
    assert Key.objects.filter(exposed_at__isnull=True).count() == 1
    assert Delivery.objects.get().revealed_at is not None


def test_revealed_at_is_the_first_time(db):
    link = link_for(make_line("AAAA-1111"))
    reveal_for_link(link=link, ip=None)
    first = Delivery.objects.get().revealed_at
    reveal_for_link(link=link, ip=None)
    assert Delivery.objects.get().revealed_at == first


@pytest.mark.parametrize("status", [UnitStatus.CANCELED, UnitStatus.REFUNDED])
def test_called_off_units_stay_closed(db, status):
    key_order = make_line("AAAA-1111", "AAAA-2222")
    link = link_for(key_order)
    key_order.units.filter(number=1).update(status=status)

    assert [u.code.text for u in reveal_for_link(link=link, ip=None)] == ["AAAA-2222"]
    assert Key.objects.get(unit__number=1).exposed_at is None


def test_a_quarantined_key_is_not_shown_for_its_unit(db):
    link = link_for(make_line("AAAA-1111"))
    Key.objects.update(status=KeyStatus.QUARANTINED)
    assert reveal_for_link(link=link, ip=None) == []
    assert KeyAccess.objects.count() == 0
    assert Delivery.objects.get().revealed_at is None


def test_the_customer_reads_what_was_delivered(db):
    owner = make_user()
    key_order = make_line("AAAA-1111", "AAAA-2222", quantity=3, order_id=order_of(owner).pk)
    customer = Actor(user_id=owner.pk, ip="203.0.113.9")
    units = ids_of(key_order)
    assert reveal_for_customer(unit_ids=units, actor=customer) == []

    key_order.units.filter(number=1).update(status=UnitStatus.DELIVERED)
    revealed = reveal_for_customer(unit_ids=units, actor=customer)

    assert [(u.number, u.code.text) for u in revealed] == [(1, "AAAA-1111")]
    access = KeyAccess.objects.get()
    assert (access.kind, access.user_id, access.ip) == (
        AccessKind.CUSTOMER_API,
        owner.pk,
        "203.0.113.9",
    )
    assert Key.objects.get(unit__number=1).exposed_at is not None
    assert Key.objects.get(unit__number=2).exposed_at is None


def test_the_customer_reads_the_units_they_ask_for(db):
    owner = make_user()
    key_order = make_line("AAAA-1111", "AAAA-2222", order_id=order_of(owner).pk)
    key_order.units.update(status=UnitStatus.DELIVERED)

    (unit,) = reveal_for_customer(unit_ids=ids_of(key_order)[1:], actor=Actor(user_id=owner.pk))

    assert unit.code.text == "AAAA-2222"
    assert KeyAccess.objects.get().key.unit_id == unit.unit_id


def test_an_order_placed_without_an_account_is_read_once_it_has_one(db):
    owner = make_user()
    order = order_of(None)
    key_order = make_line("AAAA-1111", order_id=order.pk)
    key_order.units.update(status=UnitStatus.DELIVERED)
    customer = Actor(user_id=owner.pk)
    assert reveal_for_customer(unit_ids=ids_of(key_order), actor=customer) == []

    order.user = owner
    order.save()

    (unit,) = reveal_for_customer(unit_ids=ids_of(key_order), actor=customer)
    assert unit.code.text == "AAAA-1111"


@pytest.mark.parametrize("status", [UnitStatus.FILLED, UnitStatus.CANCELED, UnitStatus.REFUNDED])
def test_what_was_not_delivered_stays_closed_to_the_customer(db, status):
    owner = make_user()
    key_order = make_line("AAAA-1111", order_id=order_of(owner).pk)
    key_order.units.update(status=status)

    units = reveal_for_customer(unit_ids=ids_of(key_order), actor=Actor(user_id=owner.pk))

    assert units == []
    assert Key.objects.get().exposed_at is None
    assert KeyAccess.objects.count() == 0


@pytest.mark.parametrize("who", ["another customer", "nobody", "an app"])
@pytest.mark.parametrize("has_owner", [True, False])
def test_nobody_else_reads_it(db, who, has_owner):
    owner = make_user()
    other = make_user("other@example.com")
    actor = {
        "another customer": Actor(user_id=other.pk),
        "nobody": Actor(),
        "an app": Actor(user_id=owner.pk, app_id=owner.pk),
    }[who]
    order = order_of(owner if has_owner else None)
    key_order = make_line("AAAA-1111", order_id=order.pk, user_id=other.pk)
    key_order.units.update(status=UnitStatus.DELIVERED, delivered_at=timezone.now())

    assert reveal_for_customer(unit_ids=ids_of(key_order), actor=actor) == []
    assert Key.objects.get().exposed_at is None
    assert KeyAccess.objects.count() == 0
