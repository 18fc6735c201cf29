"""A supplier that made two orders of one request: all keys are kept, and staff are told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.models import Alert, Key, Purchase
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, KeyStatus, PurchaseStatus
from saleor_cdkeys.suppliers.fakes.kinguin import KinguinServer
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, Shop
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier, run
from tests.purchasing.books import run_again, run_until_at_rest, sold_codes, stored_codes

API_KEY = "kinguin-key-4711"
P1 = "5c9b5f8b2539a4e8f1723d33"


@pytest.fixture
def kinguin():
    shop = Shop([Product(P1, Decimal("5.10"))], late_seconds=0.0)
    with KinguinServer(shop, api_key=API_KEY, hang_seconds=1.0) as server:
        yield server


@pytest.fixture
def product(channel, kinguin):
    supplier = make_supplier(name="Kinguin", adapter="kinguin", config={"base_url": kinguin.url})
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets={"api_key": API_KEY})
    supplier.save()
    product = make_key_product(channel=channel, source="suppliers", price="20.00")
    make_mapping(product, supplier, P1)
    return product


@pytest.fixture
def made_twice(channel, product, kinguin):
    """Call it with what the second order meets: an order of 2 keys, made twice, answer lost."""

    def make(fault: Fault | None = None):
        kinguin.script.queue([Fault.DROP_AFTER])
        order = buy(channel=channel, lines=[(product, 2)])
        (row,) = run(order)
        assert row.status == KeyOrderStatus.WAITING
        kinguin.books.sell(
            reference=str(Purchase.objects.get().reference),
            product=kinguin.shop.products[P1],
            quantity=2,
            asked=Decimal("5.10"),
            fault=fault,
        )
        return order

    return make


def _ids(kinguin) -> list[str]:
    return [sold.id for sold in kinguin.shop.ledger.values()]


def _open_alerts():
    return list(Alert.objects.filter(resolved_at=None).order_by("pk"))


def test_the_keys_of_both_are_kept_and_staff_are_told(made_twice, kinguin):
    order = made_twice()

    row = run_again(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert stored_codes() == sold_codes(kinguin)
    assert Key.objects.filter(status=KeyStatus.ASSIGNED).count() == 2
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 2
    (alert,) = _open_alerts()
    assert (alert.kind, alert.key_order_id) == (AlertKind.SUPPLIER_DELIVERY, row.pk)
    first, second = _ids(kinguin)
    assert alert.message == (
        f"Kinguin, purchase {Purchase.objects.get().reference}: 4 of 2 keys came. 2 nobody waits "
        f"for went to stock. The supplier made several orders of one request: {first}, {second}. "
        f"Order {row.order_number} needs one of them. The keys of all are kept; return soon what "
        "you do not want to sell."
    )


def test_what_both_cost_is_recorded(made_twice):
    run_again(made_twice())

    purchase = Purchase.objects.get()
    assert (purchase.status, purchase.charged_amount) == (
        PurchaseStatus.COMPLETED,
        Decimal("20.40"),
    )
    assert set(Key.objects.values_list("cost_amount", flat=True)) == {Decimal("5.10")}


def test_keys_of_the_second_that_come_later_are_not_lost(made_twice, kinguin, settings):
    kinguin.shop.late_seconds = 0.5
    order = made_twice(Fault.LATE)

    run_again(order)

    purchase = Purchase.objects.get()
    assert (purchase.status, purchase.supplier_order_id) == (PurchaseStatus.ACCEPTED, "")
    assert Key.objects.count() == 2
    assert [alert.kind for alert in _open_alerts()] == [AlertKind.SUPPLIER_DELIVERY]

    kinguin.stopping.wait(0.6)
    row = run_until_at_rest(order)

    assert row.status == KeyOrderStatus.DELIVERED
    assert stored_codes() == sold_codes(kinguin)
    assert Key.objects.count() == 4
    assert set(Key.objects.values_list("cost_amount", flat=True)) == {Decimal("5.10")}
    purchase.refresh_from_db()
    assert (purchase.status, purchase.supplier_order_id) == (
        PurchaseStatus.COMPLETED,
        _ids(kinguin)[0],
    )
    assert [alert.kind for alert in _open_alerts()] == [AlertKind.SUPPLIER_DELIVERY]
