"""Staff send keys again; the customer asks for a new link."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys import postman
from saleor_cdkeys.delivery import throttle
from saleor_cdkeys.delivery.links import LinkUnknown, find_link
from saleor_cdkeys.delivery.new_link import request_by_order, request_by_token
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.resend import resend
from saleor_cdkeys.delivery.send import SendKind, send
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import (
    ChannelSettings,
    Delivery,
    DeliveryItem,
    DeliveryLink,
    KeyOrder,
    KeyOrderEvent,
)
from saleor_cdkeys.statuses import DeliveryKind, DeliveryStatus, EventType, UnitStatus
from saleor_cdkeys.values import Actor
from tests.delivery.conftest import deliver, send_now
from tests.delivery.rows import CHANNEL_ID, CUSTOMER, make_line

STAFF = Actor(user_id=5)
OTHER = "new.address@example.org"
IP = "203.0.113.9"


def again(key_order, recipient=None, note=""):
    return resend(key_order_id=key_order.pk, recipient=recipient, note=note, actor=STAFF)


def test_it_goes_to_the_orders_own_address_and_older_links_go_on(db):
    key_order = make_line("AAAA-1111")
    first = deliver(key_order)

    second = send_now(again(key_order))

    assert second.message.to == [CUSTOMER]
    assert (second.delivery.kind, second.delivery.user_id) == (DeliveryKind.RESEND, 5)
    assert find_link(token=first.token).delivery == first.delivery
    assert find_link(token=second.token).delivery == second.delivery


def test_only_the_units_of_this_key_order_are_sent(db):
    first = make_line("AAAA-1111", name="Starfall")
    other = make_line("BBBB-1111", order_id=first.order_id, name="Neon")
    deliver(first)
    sent = send_now(again(other))
    assert "Neon" in sent.message.body
    assert "Starfall" not in sent.message.body


def test_another_address_needs_a_note_and_both_are_recorded(db):
    key_order = make_line("AAAA-1111")
    deliver(key_order)

    with pytest.raises(InvalidInput) as caught:
        again(key_order, OTHER, note="  ")
    assert (caught.value.field, caught.value.code) == ("note", "required")
    assert Delivery.objects.count() == 1

    delivery = again(key_order, OTHER, note="typo in the address")
    assert (delivery.recipient, delivery.note) == (OTHER, "typo in the address")
    event = KeyOrderEvent.objects.filter(type=EventType.DELIVERY_QUEUED).last()
    assert (event.message, event.user_id) == (f"{OTHER}: typo in the address", 5)
    assert event.data["kind"] == "resend"


def test_another_address_switches_older_links_off(db):
    key_order = make_line("AAAA-1111")
    first = deliver(key_order)

    second = send_now(again(key_order, OTHER, note="typo"))

    with pytest.raises(LinkUnknown):
        find_link(token=first.token)
    assert find_link(token=second.token).delivery == second.delivery


def test_links_of_other_lines_go_on(db):
    key_order = make_line("AAAA-1111")
    deliver(key_order)
    stranger = deliver(make_line("CCCC-1111"))
    again(key_order, OTHER, note="typo")
    assert find_link(token=stranger.token).delivery == stranger.delivery


def test_writing_the_own_address_in_other_letters_is_no_change(db):
    key_order = make_line("AAAA-1111")
    first = deliver(key_order)
    delivery = again(key_order, CUSTOMER.upper())
    assert delivery.kind == DeliveryKind.RESEND
    assert find_link(token=first.token)


def test_a_message_that_waits_is_hurried_instead_of_sent_twice(db, mail_server):
    key_order = make_line("AAAA-1111")
    (waiting,) = queue_for_order(order_id=key_order.order_id)
    transport = postman.resolve_transport()
    mail_server(None)
    assert send(delivery_id=waiting.pk).kind == SendKind.RETRY
    mail_server(transport)
    assert send(delivery_id=waiting.pk).kind == SendKind.BUSY

    assert again(key_order).pk == waiting.pk
    assert send(delivery_id=waiting.pk).kind == SendKind.SENT
    assert len(mail.outbox) == 1
    assert Delivery.objects.count() == 1


def test_a_message_that_waits_for_the_wrong_address_does_not_go_there(db):
    key_order = make_line("AAAA-1111")
    (waiting,) = queue_for_order(order_id=key_order.order_id)

    delivery = again(key_order, OTHER, note="typo")

    assert send(delivery_id=waiting.pk).kind == SendKind.CANCELED
    send_now(delivery)
    assert [message.to for message in mail.outbox] == [[OTHER]]
    # It counts as announced, so that no first message follows on its own.
    assert DeliveryItem.objects.get().is_initial
    assert queue_for_order(order_id=key_order.order_id) == []


def test_the_other_lines_of_what_waits_still_go(db):
    first = make_line("AAAA-1111", name="Starfall")
    make_line("BBBB-1111", order_id=first.order_id, name="Neon")
    (waiting,) = queue_for_order(order_id=first.order_id)
    again(first, OTHER, note="a present")
    sent = send_now(waiting)
    assert "Neon" in sent.message.body
    assert "Starfall" not in sent.message.body


def test_a_mail_under_way_to_the_wrong_address_arrives_with_a_dead_link(db, monkeypatch):
    key_order = make_line("AAAA-1111")
    (waiting,) = queue_for_order(order_id=key_order.order_id)
    under_way = []

    def meanwhile(message, *, transport):
        again(key_order, OTHER, note="typo")
        under_way.append(message)

    monkeypatch.setattr(postman, "hand_over", meanwhile)
    send(delivery_id=waiting.pk)

    link = DeliveryLink.objects.get()
    assert link.delivery == waiting
    assert link.revoked_at is not None


def test_an_order_without_address_can_be_sent_to_one(db):
    key_order = make_line("AAAA-1111", email="")
    with pytest.raises(InvalidInput) as caught:
        again(key_order)
    assert caught.value.field == "recipient"
    sent = send_now(again(key_order, OTHER, note="told by phone"))
    assert sent.message.to == [OTHER]


@pytest.mark.parametrize("address", ["nonsense", "a@b@c", "a@b.example\nBcc: x@y.example"])
def test_unusable_addresses_are_refused(db, address):
    key_order = make_line("AAAA-1111")
    with pytest.raises(InvalidInput) as caught:
        again(key_order, address, note="x")
    assert caught.value.field == "recipient"
    assert Delivery.objects.count() == 0


def test_nothing_to_send_is_refused(db):
    key_order = make_line("AAAA-1111")
    key_order.units.update(status=UnitStatus.REFUNDED)
    with pytest.raises(InvalidInput) as caught:
        again(key_order)
    assert caught.value.field == "id"
    with pytest.raises(InvalidInput) as caught:
        resend(key_order_id=key_order.pk + 1, recipient=None, note="", actor=STAFF)
    assert caught.value.code == "not_found"
    assert Delivery.objects.count() == 0


def test_codes_never_go_to_another_address_by_mail(db):
    ChannelSettings.objects.create(channel_id=CHANNEL_ID, codes_in_mail=True)
    key_order = make_line("AAAA-1111")
    deliver(key_order)
    assert "AAAA-1111" in mail.outbox[0].body
    sent = send_now(again(key_order, OTHER, note="typo"))
    assert "AAAA-1111" not in sent.message.body + sent.html
    assert "asks for the e-mail address that the order was placed with" in sent.message.body


def test_a_new_link_goes_to_the_own_address_whoever_asks(db):
    key_order = make_line("AAAA-1111")
    deliver(key_order)
    redirected = send_now(again(key_order, OTHER, note="present"))

    request_by_token(token=redirected.token, ip=IP)

    delivery = Delivery.objects.get(kind=DeliveryKind.NEW_LINK)
    sent = send_now(delivery)
    assert sent.message.to == [CUSTOMER]
    assert sent.message.subject == f"Your new link for order {key_order.order_number}"


def test_a_new_link_from_an_expired_one(db):
    first = deliver(make_line("AAAA-1111"))
    DeliveryLink.objects.update(expires_at=timezone.now())
    request_by_token(token=first.token, ip=IP)
    sent = send_now(Delivery.objects.get(kind=DeliveryKind.NEW_LINK))
    assert find_link(token=sent.token)


def test_no_new_link_from_an_unknown_or_revoked_one(db):
    first = deliver(make_line("AAAA-1111"))
    DeliveryLink.objects.update(revoked_at=timezone.now())
    for token in (first.token, "A" * 43):
        assert request_by_token(token=token, ip=IP) is None
    assert Delivery.objects.count() == 1


def test_a_new_link_by_order_number_and_address(db):
    key_order = make_line("AAAA-1111")
    other = make_line("BBBB-1111", order_id=key_order.order_id, order_number=key_order.order_number)
    deliver(key_order)

    request_by_order(order_number=f" #{key_order.order_number} ", email=CUSTOMER.upper(), ip=IP)

    delivery = Delivery.objects.get(kind=DeliveryKind.NEW_LINK)
    assert delivery.recipient == CUSTOMER
    assert {item.unit.key_order for item in delivery.items.all()} == {key_order, other}


def test_both_must_be_right(db):
    key_order = make_line("AAAA-1111")
    deliver(key_order)
    for number, email in (
        (key_order.order_number, "stranger@example.com"),
        ("999999", CUSTOMER),
        ("", CUSTOMER),
        (key_order.order_number, ""),
    ):
        assert request_by_order(order_number=number, email=email, ip=IP) is None
    assert Delivery.objects.count() == 1


def test_what_was_never_announced_has_no_link_to_renew(db):
    key_order = make_line("AAAA-1111")
    request_by_order(order_number=key_order.order_number, email=CUSTOMER, ip=IP)
    assert Delivery.objects.count() == 0


def test_a_message_on_its_way_is_not_followed_by_another(db):
    key_order = make_line("AAAA-1111")
    deliver(key_order)
    for _ in range(3):
        request_by_order(order_number=key_order.order_number, email=CUSTOMER, ip=IP)
    assert Delivery.objects.filter(kind=DeliveryKind.NEW_LINK).count() == 1


def test_asking_is_limited_for_link_and_address(db):
    sent = deliver(make_line("AAAA-1111"))
    for _ in range(throttle.NEW_LINK_PER_SUBJECT.count):
        request_by_token(token=sent.token, ip=IP)
    with pytest.raises(throttle.TooManyRequests):
        request_by_token(token=sent.token, ip="198.51.100.1")
    for number in range(throttle.NEW_LINK_PER_ADDRESS.count):
        request_by_order(order_number=str(number), email=CUSTOMER, ip="81.2.69.142")
    with pytest.raises(throttle.TooManyRequests):
        request_by_order(order_number="x", email=CUSTOMER, ip="81.2.69.142")


def test_one_order_gets_a_few_new_links_an_hour_however_they_are_asked_for(db):
    key_order = make_line("AAAA-1111")
    tokens = [deliver(key_order).token]
    for number in range(throttle.NEW_LINK_PER_ORDER.count + 2):
        request_by_token(token=tokens[-1], ip=f"198.51.100.{number}")
        waiting = Delivery.objects.filter(
            kind=DeliveryKind.NEW_LINK, status=DeliveryStatus.QUEUED
        ).first()
        if waiting:
            tokens.append(send_now(waiting).token)
    new = Delivery.objects.filter(kind=DeliveryKind.NEW_LINK).count()
    assert new == throttle.NEW_LINK_PER_ORDER.count


def test_a_called_off_order_gives_no_new_link(db):
    key_order = make_line("AAAA-1111")
    sent = deliver(key_order)
    KeyOrder.objects.get().units.update(status=UnitStatus.REFUNDED)
    request_by_token(token=sent.token, ip=IP)
    assert Delivery.objects.count() == 1
