"""What is referred to stays, and the database knows what the models say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from saleor_cdkeys.models import Key, Purchase
from saleor_cdkeys.statuses import UnitStatus
from tests.db.constraints.rows import make_assigned, make_key_order, make_purchase


@pytest.mark.parametrize(
    "gone",
    [
        lambda rows: rows["product"],
        lambda rows: rows["key_order"],
        lambda rows: rows["unit"],
        lambda rows: rows["purchase"],
        lambda rows: rows["purchase"].supplier,
    ],
    ids=["product", "key order", "unit", "purchase", "supplier"],
)
def test_what_keys_and_money_hang_on_is_not_deleted(db, gone):
    key_order = make_key_order()
    unit = key_order.units.get(number=1)
    purchase = make_purchase(key_order)
    make_assigned(unit, purchase=purchase)
    rows = {
        "product": key_order.key_product,
        "key_order": key_order,
        "unit": unit,
        "purchase": purchase,
    }

    with pytest.raises(models.ProtectedError):
        gone(rows).delete()
    assert Key.objects.get().unit == unit
    assert Purchase.objects.get().key_order == key_order


def test_no_foreign_key_leaves_our_tables():
    for model in apps.get_app_config("saleor_cdkeys").get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation:
                assert field.related_model._meta.app_label == "saleor_cdkeys"


def test_the_database_knows_what_the_models_say(db):
    with connection.cursor() as cursor:
        for model in apps.get_app_config("saleor_cdkeys").get_models():
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            wanted = {item.name for item in (*model._meta.constraints, *model._meta.indexes)}
            assert wanted <= set(there)


def test_defaults_are_those_of_a_beginning(db):
    key_order = make_key_order()
    assert (key_order.status, key_order.reason, key_order.attempts) == ("pending", "", 0)
    assert {unit.status for unit in key_order.units.all()} == {UnitStatus.OPEN}
    assert abs(key_order.created_at - timezone.now()) < dt.timedelta(minutes=1)
