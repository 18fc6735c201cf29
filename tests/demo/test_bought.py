"""What is promised of buying is kept at each supplier on a good day, and each breach is seen."""

import uuid
from decimal import Decimal

import pytest

from demo import purchases
from demo.promises import spent, twice
from demo.shop import Kind
from saleor_cdkeys.models import Key, KeyOrder, Purchase, Supplier
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

pytestmark = pytest.mark.django_db

_CENT = Decimal("0.01")


def _twice(day):
    return twice.check(suppliers=[day.supplier], mails=day.mails).broken


def _told(day):
    """What the account's test says: G2A tells nobody."""
    return None if day.supplier.adapter == "g2a" else day.supplier.shop.balance


def _spent(day):
    return spent.check([day.supplier], told={day.supplier.adapter: _told(day)})


def _sell(day, reference):
    day.supplier.shop.sell(
        reference=reference,
        product_id=Purchase.objects.get().supplier_product_id,
        quantity=1,
        max_price=Decimal(40),
        fault=None,
    )


def test_a_good_day(day_at):
    assert _twice(day_at) == ()
    promise = _spent(day_at)
    assert promise.broken == ()
    assert promise.facts[0] == "38.10 EUR spent in 1 purchases, each written down to the cent"


def test_what_was_bought_is_told(day_at):
    (bought,) = purchases.count([day_at.supplier])
    assert (bought.asked, bought.sold, bought.keys.total()) == (1, 1, 1)
    assert bought.faults.total() == 0
    assert (bought.account.spent, bought.account.recorded) == (Decimal("38.10"), Decimal("38.10"))


def test_an_order_that_reached_the_supplier_twice(day_at):
    name, adapter = day_at.supplier.name, day_at.supplier.adapter
    purchase = Purchase.objects.get()
    (sold,) = day_at.supplier.shop.ledger
    if adapter == "bamboo":
        # Which takes a reference once.
        with pytest.raises(Refusal, match="duplicate_reference"):
            _sell(day_at, sold)
        assert _twice(day_at) == (f"order {sold} was sent to Bamboo twice",)
        assert _spent(day_at).broken == ()
        return
    if adapter == "g2a":
        # Which knows no reference of ours.
        _sell(day_at, "61799999")
        assert _twice(day_at) == ("G2A sold 61799999, of which the journal does not know",)
        assert _spent(day_at).broken == (
            "G2A charged 38.10 EUR for orders that the journal does not know",
        )
        return
    _sell(day_at, f"{sold}#2")
    key_order = KeyOrder.objects.get(order_id=day_at.of(Kind.BOUGHT).pk)
    assert _twice(day_at) == (
        f"{purchase} was charged 2 times by {name}",
        f"1 keys of {purchase} at {name}, which is completed, are lost",
        f"2 keys bought for the 1 of key order {key_order.pk}",
    )
    assert _spent(day_at).broken == (
        f"{purchase}: {name} charged 76.20 EUR, 38.10 EUR are recorded",
    )


def test_a_bought_key_that_is_lost(day_at):
    purchase = Purchase.objects.get()
    Key.objects.filter(purchase=purchase).delete()
    assert f"1 keys of {purchase} at {day_at.supplier.name}, which is completed, are lost" in (
        _twice(day_at)
    )


def test_a_purchase_that_was_forgotten(day_at):
    Purchase.objects.update(reference=uuid.uuid4(), supplier_order_id="")
    (sold,) = day_at.supplier.entries()
    purchase, name = Purchase.objects.get(), day_at.supplier.name
    assert _twice(day_at) == (
        f"{name} sold {sold.reference}, of which the journal does not know",
        f"{purchase} is completed, and {name} never sold it",
    )


def test_a_purchase_that_was_meant_for_another_supplier(day_at):
    Supplier.objects.update(adapter="sandbox")
    (sold,) = day_at.supplier.entries()
    name = day_at.supplier.name
    assert f"{name} sold {sold.reference}, of which the journal does not know" in _twice(day_at)


def test_a_cent_too_much_in_the_journal(day_at):
    purchase, name = Purchase.objects.get(), day_at.supplier.name
    Purchase.objects.update(charged_amount=Decimal("38.10") + _CENT)
    assert _spent(day_at).broken == (
        f"{purchase}: {name} charged 38.10 EUR, 38.11 EUR are recorded",
    )


def test_a_cent_that_left_the_account_without_an_order(day_at):
    day_at.supplier.shop.balance -= _CENT
    assert _spent(day_at).broken == (
        f"{day_at.supplier.name}: 38.11 EUR left the account, 38.10 EUR were charged",
    )


def test_a_purchase_that_is_open_need_not_be_recorded(day_at):
    Purchase.objects.update(status="unknown", charged_amount=None)
    Key.objects.filter(purchase__isnull=False).update(cost_amount=None)
    promise = _spent(day_at)
    assert promise.broken == ()
    assert promise.facts[-1] == "38.10 EUR of it for 1 purchases that are not clear yet"


def test_a_balance_that_is_told_wrong(day_at):
    name, adapter = day_at.supplier.name, day_at.supplier.adapter
    promise = spent.check([day_at.supplier], told={adapter: Decimal(7)})
    assert promise.broken == (f"{name} says that 7.00 EUR are left, its books say 99,961.90 EUR",)
