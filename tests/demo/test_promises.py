"""Each promise is kept on a good day, and each breach of it is seen."""

import dataclasses
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone
from saleor.order.models import OrderLine

from demo.promises import delivered, lost, twice, unearned
from demo.shop import Kind
from saleor_cdkeys.models import Alert, Delivery, DeliveryLink, Key, KeyOrder, KeyUnit, Purchase
from saleor_cdkeys.statuses import KeyStatus
from tests.factories.cdkeys import add_keys

pytestmark = pytest.mark.django_db


def _key_order(day, kind):
    return KeyOrder.objects.get(order_id=day.of(kind).pk)


def _lost(day):
    return lost.check(day.placed, mails=day.mails).broken


def _twice(day):
    return twice.check(suppliers=[day.supplier], mails=day.mails).broken


def _unearned(day):
    return unearned.check(day.placed, mails=day.mails).broken


def test_a_good_day_keeps_every_promise(day):
    assert (_lost(day), _twice(day), _unearned(day)) == ((), (), ())


def test_what_is_counted(day):
    facts = lost.check(day.placed, mails=day.mails).facts
    assert facts == (
        "3 of 4 paid keys delivered and fulfilled in Saleor",
        "1 wait with a next try or an open alert",
        "0 units of ordinary products in mixed carts left alone",
    )
    facts = twice.check(suppliers=[day.supplier], mails=day.mails).facts
    assert facts == (
        "4 codes, none for two customers",
        "1 keys bought with 1 orders, none in surplus",
        "2 mails with keys, none repeated",
    )


class TestDelivered:
    def test_what_waits_is_named(self, day):
        sold_out = _key_order(day, Kind.RESTOCKED)
        promise = delivered.check(day.placed)
        assert promise.facts == ("3 of 4 keys that were to be had are with the customers",)
        (text,) = promise.broken
        assert text.startswith(f"order {sold_out.order_number}: {sold_out.product_name} is waiting")

    def test_who_is_not_to_be_answered_is_not_waited_for(self, day):
        day.placed = [
            dataclasses.replace(
                order, planned=dataclasses.replace(order.planned, is_answered=False)
            )
            for order in day.placed
            if order.planned.kind is Kind.RESTOCKED
        ]
        assert delivered.check(day.placed).broken == ()


class TestLost:
    def test_an_order_that_was_never_recorded(self, day, ordinary_order):
        order, placed = ordinary_order
        day.placed.append(dataclasses.replace(placed, planned=day.placed[0].planned))
        (first, *_rest) = _lost(day)
        assert first == f"order {order.number}: Art book, PDF was paid and never recorded"

    def test_an_ordinary_product_that_was_fulfilled(self, day, ordinary_order):
        order, placed = ordinary_order
        day.placed.append(placed)
        assert _lost(day) == ()
        order.lines.update(quantity_fulfilled=1)
        assert _lost(day) == (
            f"order {order.number}: Art book, PDF is no key product and was fulfilled all the same",
        )

    def test_an_order_that_waits_and_that_nobody_will_look_at(self, day):
        key_order = _key_order(day, Kind.RESTOCKED)
        KeyOrder.objects.filter(pk=key_order.pk).update(next_run_at=None)
        assert _lost(day) == ()
        Alert.objects.update(resolved_at=timezone.now())
        (text,) = _lost(day)
        assert text.endswith("is waiting, and nobody will see to it")

    def test_a_unit_that_is_missing(self, day):
        unit = _key_order(day, Kind.RESTOCKED).units.get()
        unit.delete()
        assert len(_lost(day)) == 2

    def test_an_order_that_is_done_without_all_of_its_keys(self, day):
        key_order = _key_order(day, Kind.RESTOCKED)
        KeyOrder.objects.filter(pk=key_order.pk).update(status="delivered")
        (text,) = _lost(day)
        assert text.endswith("is delivered, and nobody will see to it")

    def test_a_line_that_saleor_does_not_take_for_fulfilled(self, day):
        order = day.of(Kind.STOCK)
        OrderLine.objects.filter(order=order).update(quantity_fulfilled=1)
        assert _lost(day) == (f"order {order.number}: 1 fulfilled in Saleor, 2 delivered",)

    def test_a_mail_that_never_came(self, day):
        day.mails = [each for each in day.mails if not each.recipient.startswith("stock")]
        assert len(_lost(day)) == 2

    def test_a_mail_that_went_to_somebody_else(self, day):
        day.mails = [dataclasses.replace(each, recipient="x@example.com") for each in day.mails]
        assert len(_lost(day)) == 3


class TestTwice:
    def test_a_mail_that_came_twice(self, day):
        day.mails += day.mails[:1]
        assert [text.split(": ")[1] for text in _twice(day)] == ["2 mails for 1 sent"]

    def test_a_mail_of_which_nothing_is_recorded(self, day):
        day.mails.append(dataclasses.replace(day.mails[0], link=day.mails[0].link + "x"))
        assert _twice(day) == ("a mail to stock@example.com leads to no page",)

    def test_a_mail_that_went_to_somebody_else(self, day):
        day.mails[0] = dataclasses.replace(day.mails[0], recipient="x@example.com")
        (text,) = _twice(day)
        assert text.endswith("its mail went to x@example.com")

    def test_a_message_that_was_sent_without_a_mail(self, day):
        day.mails.pop()
        assert [text.split(": ")[1] for text in _twice(day)] == ["0 mails for 1 sent"]

    def test_a_code_that_stands_in_two_rows(self, day):
        sold = Key.objects.filter(unit__key_order=_key_order(day, Kind.STOCK)).first()
        twin = add_keys(sold.key_product, "TWIN-0-CODE")[0]
        Key.objects.filter(pk=twin.pk).update(sealed=sold.sealed, uid=sold.uid)
        assert _twice(day) == (f"the keys {sold.pk}, {twin.pk} have the same code",)

    def test_a_unit_that_lost_its_key(self, day):
        unit = _key_order(day, Kind.STOCK).units.first()
        Key.objects.filter(unit=unit).update(status=KeyStatus.QUARANTINED)
        assert _twice(day) == (f"{unit} is delivered and has 0 live keys",)

    def test_a_purchase_that_the_journal_does_not_know(self, day):
        reference = str(uuid.uuid4())
        day.supplier.shop.sell(
            reference=reference,
            product_id="P1",
            quantity=1,
            max_price=Decimal(40),
            fault=None,
        )
        assert _twice(day) == (f"Sandbox sold {reference}, of which the journal does not know",)

    def test_a_purchase_that_the_supplier_does_not_know(self, day):
        (reference,) = day.supplier.shop.ledger
        Purchase.objects.update(reference=uuid.uuid4(), supplier_order_id="")
        assert _twice(day) == (
            f"Sandbox sold {reference}, of which the journal does not know",
            f"{Purchase.objects.get()} is completed, and Sandbox never sold it",
        )

    def test_a_purchase_that_was_sent_again(self, day):
        (sold,) = day.supplier.shop.ledger.values()
        with pytest.raises(Exception, match="duplicate_reference"):
            day.supplier.shop.sell(
                reference=sold.reference,
                product_id="P1",
                quantity=1,
                max_price=Decimal(40),
                fault=None,
            )
        assert _twice(day) == (f"order {sold.reference} was sent to Sandbox twice",)

    def test_a_second_purchase_for_a_key_order_that_had_all_it_needs(self, day):
        first = Purchase.objects.get()
        again = Purchase.objects.get()
        again.pk, again.reference, again.status = None, uuid.uuid4(), "unknown"
        again.save()
        day.supplier.shop.sell(
            reference=str(again.reference),
            product_id="P1",
            quantity=1,
            max_price=Decimal(40),
            fault=None,
        )
        assert _twice(day) == (f"2 keys bought for the 1 of key order {first.key_order_id}",)

    def test_a_bought_key_that_was_dropped(self, day):
        purchase = Purchase.objects.get()
        unit = _key_order(day, Kind.BOUGHT).units.get()
        Key.objects.filter(unit=unit).delete()
        assert _twice(day) == (
            f"{unit} is delivered and has 0 live keys",
            f"1 keys of {purchase} at Sandbox, which is completed, are lost",
        )


class TestUnearned:
    def test_a_key_that_nobody_paid_for(self, day):
        number = day.of(Kind.UNPAID).number
        unit = _key_order(day, Kind.UNPAID).units.get()
        Key.objects.filter(status=KeyStatus.AVAILABLE).update(status="assigned", unit=unit)
        assert _unearned(day) == (f"order {number}: has a key",)

    def test_a_status_that_nobody_paid_for(self, day):
        number = day.of(Kind.UNPAID).number
        KeyOrder.objects.filter(order_number=number).update(status="waiting")
        assert _unearned(day) == (f"order {number}: is waiting",)

    def test_a_mail_that_nobody_paid_for(self, day):
        number = day.of(Kind.UNPAID).number
        day.mails.append(dataclasses.replace(day.mails[0], recipient="unpaid@example.com"))
        assert _unearned(day) == (f"order {number}: got a mail with keys",)

    def test_a_purchase_that_nobody_paid_for(self, day):
        number = day.of(Kind.UNPAID).number
        Purchase.objects.update(key_order=_key_order(day, Kind.UNPAID))
        assert _unearned(day) == (f"order {number}: had a key bought for it",)

    def test_a_fulfilment_that_nobody_paid_for(self, day):
        order = day.of(Kind.UNPAID)
        OrderLine.objects.filter(order=order).update(quantity_fulfilled=1)
        assert _unearned(day) == (f"order {order.number}: was fulfilled in Saleor",)

    def test_an_order_that_was_never_recorded(self, day):
        key_order = _key_order(day, Kind.UNPAID)
        number = key_order.order_number
        KeyUnit.objects.filter(key_order=key_order).delete()
        key_order.events.all().delete()
        key_order.delete()
        assert _unearned(day) == (f"order {number}: was never recorded",)


def test_the_mails_of_the_day_lead_to_its_deliveries(day):
    assert {each.recipient for each in day.mails} == {"stock@example.com", "bought@example.com"}
    assert Delivery.objects.count() == DeliveryLink.objects.count() == len(day.mails) == 2
