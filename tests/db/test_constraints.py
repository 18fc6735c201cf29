"""What must never be so cannot be written, whatever the code above the database believes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from saleor_cdkeys.models import (
    Alert,
    ChannelSettings,
    Delivery,
    DeliveryItem,
    DeliveryLink,
    ExchangeRate,
    Key,
    KeyOrder,
    KeyProduct,
    KeyUnit,
    Purchase,
    Supplier,
    SupplierMapping,
)
from saleor_cdkeys.statuses import AlertKind, KeyStatus, PurchaseStatus, UnitStatus

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _product(variant_id=1, **fields) -> KeyProduct:
    return KeyProduct.objects.create(variant_id=variant_id, **fields)


def _key_order(product=None, *, units=2, **fields) -> KeyOrder:
    product = product or _product()
    key_order = KeyOrder.objects.create(
        **{
            "order_line_id": uuid.uuid4(),
            "order_id": uuid.uuid4(),
            "order_number": "1",
            "channel_id": 1,
            "channel_slug": "shop",
            "key_product": product,
            "variant_id": product.variant_id,
            "product_name": "Game",
            "quantity": units,
            "unit_price_amount": Decimal(20),
            "currency": "EUR",
            **fields,
        }
    )
    for number in range(1, units + 1):
        KeyUnit.objects.create(key_order=key_order, number=number)
    return key_order


def _key(product, *, code="1", **fields) -> Key:
    return Key.objects.create(
        key_product=product,
        kind="text",
        sealed=b"sealed",
        **{"fingerprint": code.encode().ljust(32), **fields},
    )


def _assigned(unit, *, code="1", **fields) -> Key:
    product = unit.key_order.key_product
    return _key(product, code=code, unit=unit, status=KeyStatus.ASSIGNED, **fields)


def _purchase(key_order, **fields) -> Purchase:
    supplier, _created = Supplier.objects.get_or_create(name="S", adapter="sandbox")
    return Purchase.objects.create(
        key_order=key_order,
        supplier=supplier,
        supplier_product_id="P1",
        **{
            "quantity": 1,
            "unit_price_amount": Decimal(5),
            "max_unit_price_amount": Decimal(5),
            "currency": "EUR",
            **fields,
        },
    )


def _delivery(**fields) -> Delivery:
    return Delivery.objects.create(
        order_id=uuid.uuid4(), order_number="1", channel_id=1, channel_slug="shop", **fields
    )


# --- Each of these writes what is fine first, and last what must never be -------------------------


def second_live_key_of_a_unit() -> None:
    unit = _key_order().units.get(number=1)
    _assigned(unit, code="1")
    _assigned(unit, code="2")


def second_live_key_of_a_unit_by_an_update() -> None:
    first, second = _key_order().units.order_by("number")
    _assigned(first, code="1")
    key = _assigned(second, code="2")
    Key.objects.filter(pk=key.pk).update(unit=first)


def second_unit_of_a_number() -> None:
    KeyUnit.objects.create(key_order=_key_order(units=1), number=1)


def second_key_order_of_an_order_line() -> None:
    first = _key_order()
    _key_order(first.key_product, order_line_id=first.order_line_id)


def same_code_twice() -> None:
    product = _product()
    _key(product, code="1")
    _key(product, code="1")


def same_code_twice_for_two_products() -> None:
    _key(_product(1), code="1")
    _key(_product(2), code="1")


def exposed_key_for_sale() -> None:
    _key(_product(), status=KeyStatus.AVAILABLE, exposed_at=NOW)


def exposed_key_back_for_sale() -> None:
    key = _assigned(_key_order().units.get(number=1), exposed_at=NOW)
    Key.objects.filter(pk=key.pk).update(status=KeyStatus.AVAILABLE, unit=None)


def key_for_sale_that_is_somebodys() -> None:
    unit = _key_order().units.get(number=1)
    _key(unit.key_order.key_product, unit=unit, status=KeyStatus.AVAILABLE)


def assigned_key_of_nobody() -> None:
    _key(_product(), status=KeyStatus.ASSIGNED)


def same_key_of_a_purchase_twice() -> None:
    key_order = _key_order()
    purchase = _purchase(key_order)
    for code in "12":
        _key(key_order.key_product, code=code, purchase=purchase, supplier_key_id="K1")


def second_open_purchase(first: PurchaseStatus, second: PurchaseStatus) -> Callable[[], None]:
    def write() -> None:
        key_order = _key_order()
        _purchase(key_order, status=first)
        _purchase(key_order, status=second)

    return write


def reopened_purchase() -> None:
    key_order = _key_order()
    closed = _purchase(key_order, status=PurchaseStatus.REFUSED)
    _purchase(key_order)
    Purchase.objects.filter(pk=closed.pk).update(status=PurchaseStatus.UNKNOWN)


def second_purchase_with_a_reference() -> None:
    first = _purchase(_key_order())
    _purchase(_key_order(first.key_order.key_product), reference=first.reference)


def price_above_the_guard() -> None:
    _purchase(_key_order(), unit_price_amount=Decimal("5.0001"))


def purchase_of_nothing() -> None:
    _purchase(_key_order(), quantity=0)


def key_order_of_nothing() -> None:
    _key_order(units=0)


def guard_without_currency() -> None:
    _product(max_unit_cost_amount=Decimal(5))


def second_key_product_of_a_variant() -> None:
    _product(1)
    _product(1)


def second_open_alert_of_a_cause() -> None:
    for _number in range(2):
        Alert.objects.create(kind=AlertKind.OUT_OF_STOCK, subject="key_product:1", message="m")


def reopened_alert() -> None:
    fields = {"kind": AlertKind.OUT_OF_STOCK, "subject": "key_product:1", "message": "m"}
    solved = Alert.objects.create(**fields, resolved_at=NOW)
    Alert.objects.create(**fields)
    Alert.objects.filter(pk=solved.pk).update(resolved_at=None)


def unit_announced_twice() -> None:
    unit = _key_order().units.get(number=1)
    for _number in range(2):
        DeliveryItem.objects.create(delivery=_delivery(), unit=unit, is_initial=True)


def unit_twice_in_a_delivery() -> None:
    delivery, unit = _delivery(), _key_order().units.get(number=1)
    for _number in range(2):
        DeliveryItem.objects.create(delivery=delivery, unit=unit)


def second_link_with_a_token() -> None:
    for _number in range(2):
        DeliveryLink.objects.create(delivery=_delivery(), token_hash=b"h" * 32, expires_at=NOW)


def second_delivery_with_a_uid() -> None:
    uid = uuid.uuid4()
    _delivery(uid=uid)
    _delivery(uid=uid)


def same_mapping_twice() -> None:
    product, supplier = _product(), Supplier.objects.create(name="S", adapter="sandbox")
    for position in range(2):
        SupplierMapping.objects.create(
            key_product=product, supplier=supplier, supplier_product_id="P1", position=position
        )


def second_supplier_of_a_name() -> None:
    for _number in range(2):
        Supplier.objects.create(name="S", adapter="sandbox")


def second_supplier_with_a_uid() -> None:
    first = Supplier.objects.create(name="S", adapter="sandbox")
    Supplier.objects.create(name="T", adapter="sandbox", uid=first.uid)


def price_rule_without_a_value() -> None:
    _product(1, price_rule="margin_percent", price_value=20)
    _product(2, price_rule="margin_percent")


def margin_in_no_currency() -> None:
    _product(1, price_rule="margin_amount", price_value=1, price_currency="EUR")
    _product(2, price_rule="margin_amount", price_value=1)


def floor_in_no_currency() -> None:
    _product(1, price_rule="margin_percent", price_value=20)
    _product(2, price_rule="margin_percent", price_value=20, price_floor_amount=1)


def floor_above_the_ceiling() -> None:
    for number, floor in enumerate((5, 6), start=1):
        _product(number, price_currency="EUR", price_floor_amount=floor, price_ceiling_amount=5)


def _rate(value="1.1", **fields) -> None:
    fields = {"base": "EUR", "currency": "USD", "date": NOW.date()} | fields
    ExchangeRate.objects.create(rate=Decimal(value), **fields)


def second_rate_of_a_day() -> None:
    _rate()
    _rate("1.2")


def rate_of_nothing() -> None:
    _rate()
    _rate("0", currency="PLN")


def second_settings_of_a_channel() -> None:
    for _number in range(2):
        ChannelSettings.objects.create(channel_id=1)


OPEN = (PurchaseStatus.CREATED, PurchaseStatus.UNKNOWN, PurchaseStatus.ACCEPTED)

#: what must never be written → the constraint, or the unique column, that forbids it.
NEVER: list[tuple[Callable[[], None], str]] = [
    (second_live_key_of_a_unit, "cdkeys_key_one_live_per_unit"),
    (second_live_key_of_a_unit_by_an_update, "cdkeys_key_one_live_per_unit"),
    (second_unit_of_a_number, "cdkeys_unit_number_once"),
    (second_key_order_of_an_order_line, "KeyOrder.order_line_id"),
    (same_code_twice, "Key.fingerprint"),
    (same_code_twice_for_two_products, "Key.fingerprint"),
    (exposed_key_for_sale, "cdkeys_key_assigned_has_unit"),
    (exposed_key_back_for_sale, "cdkeys_key_assigned_has_unit"),
    (key_for_sale_that_is_somebodys, "cdkeys_key_assigned_has_unit"),
    (assigned_key_of_nobody, "cdkeys_key_assigned_has_unit"),
    (same_key_of_a_purchase_twice, "cdkeys_key_once_per_purchase"),
    *((second_open_purchase(a, b), "cdkeys_purchase_one_open") for a in OPEN for b in OPEN),
    (reopened_purchase, "cdkeys_purchase_one_open"),
    (second_purchase_with_a_reference, "Purchase.reference"),
    (price_above_the_guard, "cdkeys_purchase_within_guard"),
    (purchase_of_nothing, "cdkeys_purchase_quantity_positive"),
    (key_order_of_nothing, "cdkeys_order_quantity_positive"),
    (guard_without_currency, "cdkeys_product_guard_has_currency"),
    (second_key_product_of_a_variant, "KeyProduct.variant_id"),
    (second_open_alert_of_a_cause, "cdkeys_alert_one_open"),
    (reopened_alert, "cdkeys_alert_one_open"),
    (unit_announced_twice, "cdkeys_item_initial_once"),
    (unit_twice_in_a_delivery, "cdkeys_item_once"),
    (second_link_with_a_token, "DeliveryLink.token_hash"),
    (second_delivery_with_a_uid, "Delivery.uid"),
    (same_mapping_twice, "cdkeys_mapping_once"),
    (second_supplier_of_a_name, "Supplier.name"),
    (second_supplier_with_a_uid, "Supplier.uid"),
    (price_rule_without_a_value, "cdkeys_product_price_has_value"),
    (margin_in_no_currency, "cdkeys_product_price_has_currency"),
    (floor_in_no_currency, "cdkeys_product_price_has_currency"),
    (floor_above_the_ceiling, "cdkeys_product_floor_below_ceiling"),
    (second_rate_of_a_day, "cdkeys_rate_once_a_day"),
    (rate_of_nothing, "cdkeys_rate_positive"),
    (second_settings_of_a_channel, "ChannelSettings.channel_id"),
]


def _said(by: str) -> str:
    """What PostgreSQL says of it: a constraint's name, or that of a unique column's index."""
    model, _dot, column = by.rpartition(".")
    return f'"saleor_cdkeys_{model.lower()}_{column}' if model else f'"{by}"'


@pytest.mark.parametrize(
    ("write", "by"), NEVER, ids=[f"{write.__name__}-{by}" for write, by in NEVER]
)
def test_what_must_never_be_cannot_be_written(db, write, by):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    # Of a column's name, an index keeps only the beginning.
    assert _said(by)[:36] in str(refused.value)


def test_every_constraint_that_there_is_has_been_tried():
    promised = set()
    for model in apps.get_app_config("saleor_cdkeys").get_models():
        promised |= {constraint.name for constraint in model._meta.constraints}
        promised |= {
            f"{model.__name__}.{field.name}"
            for field in model._meta.concrete_fields
            if field.unique and not field.primary_key
        }
    assert promised == {by for _write, by in NEVER}


# --- And what may be, may be ---------------------------------------------------------------------


def test_a_unit_may_have_had_other_keys(db):
    unit = _key_order().units.get(number=1)
    for code in "12":
        _assigned(unit, code=code)
        Key.objects.filter(unit=unit).update(status=KeyStatus.QUARANTINED)
    _assigned(unit, code="3", exposed_at=NOW)
    assert Key.objects.filter(unit=unit).count() == 3


def test_a_key_order_may_have_had_other_purchases(db):
    key_order = _key_order()
    for status in (PurchaseStatus.COMPLETED, PurchaseStatus.REFUSED, PurchaseStatus.NOT_SENT):
        _purchase(key_order, status=status)
    _purchase(key_order)
    assert key_order.purchases.count() == 4


def test_two_key_orders_may_each_have_an_open_purchase(db):
    first = _key_order()
    _purchase(first)
    _purchase(_key_order(first.key_product))


def test_keys_without_an_id_of_the_suppliers_may_be_many(db):
    key_order = _key_order()
    purchase = _purchase(key_order)
    for code in "12":
        _key(key_order.key_product, code=code, purchase=purchase)
    assert purchase.keys.count() == 2


def test_a_problem_may_come_again_after_it_was_solved(db):
    fields = {"kind": AlertKind.OUT_OF_STOCK, "subject": "key_product:1", "message": "m"}
    for _number in range(2):
        Alert.objects.create(**fields, resolved_at=NOW)
    Alert.objects.create(**fields)
    assert Alert.objects.count() == 3


def test_a_unit_may_be_sent_again(db):
    unit = _key_order().units.get(number=1)
    DeliveryItem.objects.create(delivery=_delivery(), unit=unit, is_initial=True)
    for _number in range(2):
        DeliveryItem.objects.create(delivery=_delivery(), unit=unit)
    assert unit.delivery_items.count() == 3


# --- What is referred to stays -------------------------------------------------------------------


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
    key_order = _key_order()
    unit = key_order.units.get(number=1)
    purchase = _purchase(key_order)
    _assigned(unit, purchase=purchase)
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
    key_order = _key_order()
    assert (key_order.status, key_order.reason, key_order.attempts) == ("pending", "", 0)
    assert {unit.status for unit in key_order.units.all()} == {UnitStatus.OPEN}
    assert abs(key_order.created_at - timezone.now()) < dt.timedelta(minutes=1)
