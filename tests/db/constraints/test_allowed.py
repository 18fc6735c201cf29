"""And what may be, may be."""

from __future__ import annotations

from saleor_cdkeys.models import Alert, DeliveryItem, Key
from saleor_cdkeys.statuses import AlertKind, KeyStatus, PurchaseStatus
from tests.db.constraints.rows import (
    NOW,
    make_assigned,
    make_delivery,
    make_key,
    make_key_order,
    make_purchase,
)


def test_a_unit_may_have_had_other_keys(db):
    unit = make_key_order().units.get(number=1)
    for code in "12":
        make_assigned(unit, code=code)
        Key.objects.filter(unit=unit).update(status=KeyStatus.QUARANTINED)
    make_assigned(unit, code="3", exposed_at=NOW)
    assert Key.objects.filter(unit=unit).count() == 3


def test_a_key_order_may_have_had_other_purchases(db):
    key_order = make_key_order()
    for status in (PurchaseStatus.COMPLETED, PurchaseStatus.REFUSED, PurchaseStatus.NOT_SENT):
        make_purchase(key_order, status=status)
    make_purchase(key_order)
    assert key_order.purchases.count() == 4


def test_two_key_orders_may_each_have_an_open_purchase(db):
    first = make_key_order()
    make_purchase(first)
    make_purchase(make_key_order(first.key_product))


def test_keys_without_an_id_of_the_suppliers_may_be_many(db):
    key_order = make_key_order()
    purchase = make_purchase(key_order)
    for code in "12":
        make_key(key_order.key_product, code=code, purchase=purchase)
    assert purchase.keys.count() == 2


def test_a_problem_may_come_again_after_it_was_solved(db):
    fields = {"kind": AlertKind.OUT_OF_STOCK, "subject": "key_product:1", "message": "m"}
    for _number in range(2):
        Alert.objects.create(**fields, resolved_at=NOW)
    Alert.objects.create(**fields)
    assert Alert.objects.count() == 3


def test_a_unit_may_be_sent_again(db):
    unit = make_key_order().units.get(number=1)
    DeliveryItem.objects.create(delivery=make_delivery(), unit=unit, is_initial=True)
    for _number in range(2):
        DeliveryItem.objects.create(delivery=make_delivery(), unit=unit)
    assert unit.delivery_items.count() == 3
