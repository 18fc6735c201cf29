"""Buying from one supplier or several: what is bought, for how much, and what is written down."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys.acquisition import health
from saleor_cdkeys.acquisition.stock import wake_waiting
from saleor_cdkeys.models import Alert, Key, KeyOrderEvent, Purchase, Supplier
from saleor_cdkeys.statuses import KeyOrderStatus, PurchaseStatus, Reason, UnitStatus
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product
from tests.factories.cdkeys import (
    add_keys,
    buy,
    make_key_product,
    make_mapping,
    make_supplier,
    run,
)
from tests.purchasing.books import run_again, sold_codes, statuses, stored_codes


def test_a_paid_order_is_bought_and_delivered(channel, product, sandbox):
    order = buy(channel=channel, lines=[(product, 2)])

    (row,) = run(order)

    assert row.status == KeyOrderStatus.DELIVERED
    purchase = Purchase.objects.get()
    assert (purchase.status, purchase.quantity) == (PurchaseStatus.COMPLETED, 2)
    assert (purchase.unit_price_amount, purchase.max_unit_price_amount) == (5, 20)
    assert (purchase.charged_amount, purchase.currency) == (10, "EUR")
    assert purchase.sealed_answer is None
    assert purchase.sent_at is not None
    assert purchase.supplier_order_id == sandbox.shop.ledger[str(purchase.reference)].id
    keys = Key.objects.order_by("unit__number")
    assert [(key.cost_amount, key.cost_currency, key.unit.number) for key in keys] == [
        (5, "EUR", 1),
        (5, "EUR", 2),
    ]
    assert stored_codes() == sold_codes(sandbox)
    assert len(mail.outbox) == 1
    events = KeyOrderEvent.objects.filter(key_order=row).values_list("type", flat=True)
    assert [type_ for type_ in events if type_.startswith("purchase")] == [
        "purchase_created",
        "purchase_answered",
    ]
    assert not Alert.objects.exists()


def test_stock_comes_first_and_the_rest_is_bought(channel, supplier, sandbox):
    product = make_key_product(channel=channel, source="stock_then_suppliers", stock=1)
    make_mapping(product, supplier, "P1")

    (row,) = run(buy(channel=channel, lines=[(product, 3)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert Purchase.objects.get().quantity == 2
    assert Key.objects.filter(purchase__isnull=True, unit__key_order=row).count() == 1


@pytest.mark.parametrize("source", ["stock", "manual"])
def test_nothing_is_bought_for_a_product_that_is_not_bought(channel, supplier, sandbox, source):
    product = make_key_product(channel=channel, source=source)
    make_mapping(product, supplier, "P1")

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.WAITING
    assert sandbox.requests == []


def test_without_a_mapping_a_person_is_told(channel, db):
    product = make_key_product(channel=channel, source="suppliers")

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.NO_MAPPING)
    assert Alert.objects.get().kind == "key_order_waiting"


def test_mappings_are_tried_in_order(channel, product, sandbox):
    second = make_supplier(name="Second", config={"base_url": sandbox.url})
    make_mapping(product, second, "P2", position=1)
    sandbox.shop.set_product(Product("P1", Decimal("5.00"), stock=0))

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    purchase = Purchase.objects.get()
    assert (purchase.supplier, purchase.supplier_product_id) == (second, "P2")


def test_what_one_supplier_cannot_fill_the_next_does(channel, product, sandbox):
    second = make_supplier(name="Second", config={"base_url": sandbox.url})
    make_mapping(product, second, "P2", position=1)
    sandbox.shop.set_product(Product("P1", Decimal("5.00"), stock=1))

    (row,) = run(buy(channel=channel, lines=[(product, 3)]))

    assert row.status == KeyOrderStatus.DELIVERED
    bought = Purchase.objects.order_by("id").values_list("supplier_product_id", "quantity")
    assert list(bought) == [("P1", 1), ("P2", 2)]


@pytest.mark.parametrize("off", ["mapping", "supplier"])
def test_what_is_switched_off_is_not_asked(channel, product, supplier, sandbox, off):
    if off == "mapping":
        product.mappings.update(is_active=False)
    else:
        Supplier.objects.update(is_active=False)

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.reason == Reason.NO_MAPPING
    assert sandbox.requests == []


def test_a_price_above_the_guard_is_not_paid(channel, product, sandbox):
    product.max_unit_cost_amount, product.max_unit_cost_currency = Decimal("4.99"), "EUR"
    product.save()

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.PRICE_ABOVE_GUARD)
    assert row.next_run_at is not None
    assert row.detail == "Sandbox asks 5 EUR, at most 4.99 EUR is allowed."
    assert not Purchase.objects.exists()
    assert sandbox.shop.ledger == {}


def test_a_margin_is_kept(channel, product, sandbox):
    product.min_margin_percent = Decimal("80")
    product.save()

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.reason == Reason.PRICE_ABOVE_GUARD
    assert sandbox.shop.ledger == {}


def test_a_loss_is_not_made_where_no_guard_is_set(channel, supplier, sandbox):
    product = make_key_product(channel=channel, source="suppliers", price="4.00")
    make_mapping(product, supplier, "P1")

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.reason == Reason.PRICE_ABOVE_GUARD
    assert sandbox.shop.ledger == {}


def test_a_price_in_another_currency_is_not_guessed_at(channel, product, sandbox):
    sandbox.shop.currency = "USD"

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.CURRENCY_MISMATCH)
    assert sandbox.shop.ledger == {}


def test_a_price_that_rises_at_the_last_moment_is_not_paid(channel, product, sandbox):
    product.max_unit_cost_amount, product.max_unit_cost_currency = Decimal("10.00"), "EUR"
    product.save()
    sandbox.script.queue([Fault.PRICE_RISES])

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.reason == Reason.PRICE_ABOVE_GUARD
    assert statuses() == [PurchaseStatus.REFUSED]
    assert sandbox.shop.ledger == {}


def test_a_charge_above_what_was_agreed_is_told(channel, product, sandbox):
    product.max_unit_cost_amount, product.max_unit_cost_currency = Decimal("5.00"), "EUR"
    product.save()
    sandbox.script.queue([Fault.OVERCHARGE])

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    alert = Alert.objects.get()
    assert alert.kind == "charged_too_much"
    assert "10 EUR" in alert.message
    assert "5 EUR" in alert.message
    assert Key.objects.get().cost_amount == 10


def test_an_order_that_is_canceled_while_suppliers_are_asked_is_not_bought(
    channel, product, sandbox, monkeypatch
):
    order = buy(channel=channel, lines=[(product, 1)])
    monkeypatch.setattr(
        "saleor_cdkeys.acquisition.purchasing.offers.highest_unit_price",
        _after(lambda: type(order).objects.filter(pk=order.pk).update(status="canceled")),
    )
    run(order)
    row = run_again(order)

    assert row.status == KeyOrderStatus.CANCELED
    assert sandbox.shop.ledger == {}
    assert not Purchase.objects.exists()


def _after(deed):
    from saleor_cdkeys.acquisition.policy import highest_unit_price

    def wrapped(**arguments):
        deed()
        return highest_unit_price(**arguments)

    return wrapped


def test_wrong_credentials_are_told_once_and_cured_by_themselves(channel, product, sandbox):
    sandbox.api_key = "right"
    order = buy(channel=channel, lines=[(product, 1)])

    (row,) = run(order)

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.SUPPLIER_ERROR)
    assert Alert.objects.filter(kind="supplier_paused", resolved_at=None).count() == 1
    sandbox.api_key = ""
    Supplier.objects.update(paused_until=timezone.now())
    assert health.try_out_paused() == 1
    (row,) = run(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_a_supplier_that_is_not_set_up_does_not_stop_the_next(channel, product, sandbox):
    broken = make_supplier(name="Broken", config={})
    make_mapping(product, broken, "P1")
    product.mappings.filter(supplier__name="Sandbox").update(position=5)

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == ("supplier_problem", f"supplier:{broken.pk}")


def test_a_product_that_the_supplier_does_not_know_is_told(channel, supplier, sandbox):
    product = make_key_product(channel=channel, source="suppliers")
    mapping = make_mapping(product, supplier, "GONE")

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.reason == Reason.SUPPLIER_ERROR
    alert = Alert.objects.get(kind="supplier_problem")
    assert alert.subject == f"mapping:{mapping.pk}"
    assert "GONE" in alert.message


def test_surplus_keys_are_sold_before_more_is_bought(channel, product, sandbox):
    sandbox.script.queue([Fault.TOO_MANY])
    run(buy(channel=channel, lines=[(product, 1)]))
    assert Key.objects.filter(status="available").count() == 1
    add_keys(product, count=1)

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert Purchase.objects.count() == 1
    assert Key.objects.get(unit__key_order=row).purchase_id == Purchase.objects.get().pk
    assert Key.objects.filter(status="available", purchase=None).count() == 1


def test_keys_of_an_order_come_in_the_order_of_its_units(channel, product, sandbox):
    (row,) = run(buy(channel=channel, lines=[(product, 3)]))

    assert [unit.status for unit in row.units.all()] == [UnitStatus.DELIVERED] * 3
    (sold,) = sandbox.shop.ledger.values()
    expected = [key["id"] for key in sold.keys]
    stored = Key.objects.order_by("unit__number").values_list("supplier_key_id", flat=True)
    assert list(stored) == expected


def test_a_restock_takes_up_what_was_given_up(channel, supplier, sandbox, settings):
    settings.CDKEYS_MAX_ATTEMPTS = 1
    product = make_key_product(channel=channel, source="stock_then_suppliers")
    make_mapping(product, supplier, "P1")
    sandbox.stop()
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    assert row.status == KeyOrderStatus.FAILED
    assert run_again(order).status == KeyOrderStatus.FAILED

    add_keys(product, count=1)
    assert wake_waiting(key_product_id=product.pk) == 1
    (row,) = run(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_a_restock_completes_what_was_too_dear_to_buy_before_newer_orders(
    channel, supplier, sandbox
):
    product = make_key_product(
        channel=channel,
        source="stock_then_suppliers",
        max_unit_cost_amount=Decimal("1"),
        max_unit_cost_currency="EUR",
    )
    make_mapping(product, supplier, "P1")
    first = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(first)
    assert row.reason == Reason.PRICE_ABOVE_GUARD
    add_keys(product, count=1)

    (newer,) = run(buy(channel=channel, lines=[(product, 1)]))
    assert newer.status == KeyOrderStatus.WAITING
    assert wake_waiting(key_product_id=product.pk) == 1
    (row,) = run(first)

    assert row.status == KeyOrderStatus.DELIVERED
