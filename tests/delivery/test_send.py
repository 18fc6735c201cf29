"""One attempt to send a delivery: what it writes, and what becomes of each way to fail."""

from __future__ import annotations

import datetime as dt
import smtplib

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from saleor_cdkeys import postman
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.send import SendKind, due_deliveries, send
from saleor_cdkeys.models import (
    Alert,
    ChannelSettings,
    Delivery,
    DeliveryLink,
    Key,
    KeyAccess,
    KeyOrder,
    KeyOrderEvent,
)
from saleor_cdkeys.statuses import (
    AccessKind,
    AlertKind,
    DeliveryStatus,
    EventType,
    Reason,
    UnitStatus,
)
from tests.delivery.conftest import deliver
from tests.delivery.rows import CHANNEL_ID, CUSTOMER, make_line

CODE = "STARF-4LL0D-YSSEY"


@pytest.fixture
def queued(db):
    key_order = make_line(CODE)
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    return delivery


@pytest.fixture
def failing(monkeypatch):
    """Have the mail server answer with this error."""

    def fail(error: Exception) -> None:
        def refuse(self, messages):
            raise error

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)

    return fail


def make_due(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(next_run_at=timezone.now())


def test_a_message_that_is_taken_is_recorded(queued):
    before = timezone.now()

    result = send(delivery_id=queued.pk)

    key_order = KeyOrder.objects.get()
    assert (result.kind, result.key_order_ids) == (SendKind.SENT, (key_order.pk,))
    queued.refresh_from_db()
    assert (queued.status, queued.attempts, queued.next_run_at) == (DeliveryStatus.SENT, 1, None)
    assert (queued.lease_token, queued.lease_expires_at, queued.error) == (None, None, "")
    assert before <= queued.sent_at <= timezone.now()
    event = KeyOrderEvent.objects.get(type=EventType.DELIVERY_SENT)
    assert (event.message, event.data["delivery"]) == (CUSTOMER, str(queued.uid))
    # Statuses are for the caller to settle.
    assert (key_order.status, key_order.units.get().status) == ("fulfilled", UnitStatus.FILLED)


def test_by_default_no_code_is_in_the_mail_and_no_key_is_exposed(queued):
    send(delivery_id=queued.pk)

    assert CODE.encode() not in mail.outbox[0].message().as_bytes()
    assert CODE not in str(mail.outbox[0].body) + str(mail.outbox[0].alternatives)
    assert Key.objects.get().exposed_at is None
    assert KeyAccess.objects.count() == 0


def test_a_sent_delivery_is_not_sent_again(queued):
    send(delivery_id=queued.pk)
    assert send(delivery_id=queued.pk).kind == SendKind.BUSY
    assert len(mail.outbox) == 1


def test_one_that_is_not_due_or_is_owned_is_left_alone(queued):
    now = timezone.now()
    for values in (
        {"next_run_at": now + dt.timedelta(minutes=5)},
        {"next_run_at": now, "lease_expires_at": now + dt.timedelta(minutes=5)},
    ):
        Delivery.objects.update(**values)
        assert send(delivery_id=queued.pk).kind == SendKind.BUSY
        assert due_deliveries(limit=10) == []
    assert mail.outbox == []
    assert Delivery.objects.get().attempts == 0


def test_one_whose_worker_died_is_due_again(queued):
    past = timezone.now() - dt.timedelta(seconds=1)
    Delivery.objects.update(lease_expires_at=past, attempts=1)
    assert due_deliveries(limit=10) == [queued.pk]
    assert send(delivery_id=queued.pk).kind == SendKind.SENT
    assert Delivery.objects.get().attempts == 2


def test_due_deliveries_come_longest_due_first_and_limited(db):
    ids = []
    for minutes in (1, 3, 2):
        (delivery,) = queue_for_order(order_id=make_line(f"CODE-{minutes}").order_id)
        due = timezone.now() - dt.timedelta(minutes=minutes)
        Delivery.objects.filter(pk=delivery.pk).update(next_run_at=due)
        ids.append(delivery.pk)
    assert due_deliveries(limit=10) == [ids[1], ids[2], ids[0]]
    assert due_deliveries(limit=2) == [ids[1], ids[2]]


@pytest.mark.parametrize("status", [UnitStatus.CANCELED, UnitStatus.REFUNDED])
def test_units_called_off_meanwhile_are_dropped(db, status):
    key_order = make_line("AAAA-1111", "AAAA-2222", name="Neon Drift")
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    key_order.units.filter(number=1).update(status=status)

    assert send(delivery_id=delivery.pk).kind == SendKind.SENT
    assert "Neon Drift (1 of 2 keys)" in mail.outbox[0].body


@pytest.mark.parametrize("status", ["canceled", "refunded", "delivered"])
def test_nothing_is_sent_when_nothing_is_left(queued, status):
    KeyOrder.objects.get().units.update(status=status)

    assert send(delivery_id=queued.pk).kind == SendKind.CANCELED

    queued.refresh_from_db()
    assert (queued.status, queued.next_run_at) == (DeliveryStatus.CANCELED, None)
    assert mail.outbox == []
    assert DeliveryLink.objects.count() == 0
    assert Alert.objects.count() == 0


def test_what_is_kept_back_waits_without_using_up_attempts(queued):
    KeyOrder.objects.update(reason=Reason.PAYMENT_REVERSED)

    assert send(delivery_id=queued.pk).kind == SendKind.RETRY

    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (DeliveryStatus.QUEUED, 0)
    assert queued.next_run_at > timezone.now()
    assert mail.outbox == []
    assert DeliveryLink.objects.count() == 0

    KeyOrder.objects.update(reason="")
    make_due(queued)
    assert send(delivery_id=queued.pk).kind == SendKind.SENT


@pytest.mark.django_db(transaction=True)
def test_codes_in_the_mail_are_recorded_before_it_leaves(monkeypatch):
    key_order = make_line(CODE)
    ChannelSettings.objects.create(channel_id=CHANNEL_ID, codes_in_mail=True)
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    seen = []

    def look(message, *, transport):
        access = KeyAccess.objects.get()
        seen.append(
            (
                connection.in_atomic_block,
                Key.objects.get().exposed_at is not None,
                access.kind,
                access.delivery_id,
                CODE in str(message.body),
                CODE in str(message.alternatives[0][0]),
            )
        )
        raise postman.MailDelayed("not this time")

    monkeypatch.setattr(postman, "hand_over", look)

    assert send(delivery_id=delivery.pk).kind == SendKind.RETRY
    assert seen == [(False, True, AccessKind.MAILED, delivery.pk, True, True)]
    # It may have left all the same, so it stays exposed.
    assert Key.objects.get().exposed_at is not None


def test_a_called_off_key_is_neither_mailed_nor_exposed(db):
    key_order = make_line("AAAA-1111", "AAAA-2222")
    ChannelSettings.objects.create(channel_id=CHANNEL_ID, codes_in_mail=True)
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    key_order.units.filter(number=1).update(status=UnitStatus.REFUNDED)

    send(delivery_id=delivery.pk)

    assert "AAAA-2222" in mail.outbox[0].body
    assert "AAAA-1111" not in str(mail.outbox[0].body) + str(mail.outbox[0].alternatives)
    exposed = Key.objects.order_by("pk").values_list("unit__number", "exposed_at")
    assert [(number, at is not None) for number, at in exposed] == [(1, False), (2, True)]


def test_each_attempt_makes_its_own_link_and_keeps_the_message_id(queued, failing, monkeypatch):
    first, second = [], []
    real = postman.hand_over

    def lose(message, *, transport):
        first.append(message)
        raise postman.MailDelayed("no answer")

    monkeypatch.setattr(postman, "hand_over", lose)
    send(delivery_id=queued.pk)
    monkeypatch.setattr(postman, "hand_over", real)
    make_due(queued)
    send(delivery_id=queued.pk)
    second = mail.outbox

    assert DeliveryLink.objects.filter(revoked_at=None).count() == 2
    assert first[0].body != second[0].body
    message_id = f"<cdkeys.{queued.uid}@pixeldepot.example>"
    assert first[0].message()["Message-ID"] == second[0].message()["Message-ID"] == message_id


TEMPORARY = [
    smtplib.SMTPServerDisconnected("gone"),
    smtplib.SMTPConnectError(421, b"busy"),
    smtplib.SMTPDataError(451, b"4.3.0 try later"),
    smtplib.SMTPRecipientsRefused({CUSTOMER: (450, b"4.2.1 mailbox busy")}),
    TimeoutError("slow"),
    ConnectionRefusedError(111, "refused"),
]


@pytest.mark.parametrize("error", TEMPORARY, ids=lambda error: type(error).__name__)
def test_a_passing_failure_is_tried_again(queued, failing, error):
    failing(error)
    before = timezone.now()

    assert send(delivery_id=queued.pk).kind == SendKind.RETRY

    queued.refresh_from_db()
    assert (queued.status, queued.attempts, queued.lease_token) == ("queued", 1, None)
    wait = (queued.next_run_at - before).total_seconds()
    assert 48 <= wait <= 75
    event = KeyOrderEvent.objects.get(type=EventType.DELIVERY_FAILED)
    assert (event.data["final"], event.data["attempt"]) == (False, 1)
    assert Alert.objects.count() == 0


def test_waiting_grows_up_to_six_hours(queued, failing):
    failing(TimeoutError())
    Delivery.objects.update(attempts=6)
    before = timezone.now()
    send(delivery_id=queued.pk)
    queued.refresh_from_db()
    assert 4.8 * 3600 <= (queued.next_run_at - before).total_seconds() <= 7.3 * 3600


def test_after_the_last_attempt_it_fails_with_an_alert(queued, failing, settings):
    settings.CDKEYS_MAX_MAIL_ATTEMPTS = 2
    failing(TimeoutError())
    assert send(delivery_id=queued.pk).kind == SendKind.RETRY
    make_due(queued)

    assert send(delivery_id=queued.pk).kind == SendKind.FAILED

    queued.refresh_from_db()
    assert (queued.status, queued.next_run_at, queued.attempts) == ("failed", None, 2)
    alert = Alert.objects.get()
    key_order = KeyOrder.objects.get()
    assert (alert.kind, alert.subject) == (AlertKind.MAIL_FAILED, f"key_order:{key_order.pk}")
    assert CUSTOMER in alert.message
    assert key_order.order_number in alert.message
    make_due(queued)
    assert send(delivery_id=queued.pk).kind == SendKind.BUSY


def test_an_address_that_does_not_exist_fails_at_once(queued, failing):
    failing(smtplib.SMTPRecipientsRefused({CUSTOMER: (550, b"5.1.1 no such user here")}))

    result = send(delivery_id=queued.pk)

    assert (result.kind, result.error) == (
        SendKind.FAILED,
        "The mail server refused the address: 550 5.1.1.",
    )
    assert Alert.objects.get().kind == AlertKind.MAIL_FAILED


def test_an_unusable_address_fails_without_asking_the_server(queued):
    Delivery.objects.update(recipient="jamie at example")
    assert send(delivery_id=queued.pk).kind == SendKind.FAILED
    assert mail.outbox == []


ACCOUNT = [
    smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password"),
    smtplib.SMTPSenderRefused(550, b"5.1.8 unknown sender", "keys@pixeldepot.example"),
    smtplib.SMTPDataError(554, b"5.7.1 message rejected"),
    smtplib.SMTPRecipientsRefused({CUSTOMER: (554, b"5.7.1 relay access denied")}),
]


@pytest.mark.parametrize("error", ACCOUNT, ids=lambda error: type(error).__name__)
def test_a_fault_of_the_account_alerts_at_once_and_goes_on_trying(queued, failing, error):
    failing(error)

    assert send(delivery_id=queued.pk).kind == SendKind.RETRY

    alert = Alert.objects.get()
    assert (alert.kind, alert.channel_id) == (AlertKind.MAIL_NOT_SET_UP, CHANNEL_ID)


def test_the_next_message_that_leaves_clears_the_alert(queued, failing, monkeypatch):
    Alert.objects.create(
        kind=AlertKind.MAIL_NOT_SET_UP, subject=f"mail:channel:{CHANNEL_ID}", message="x"
    )
    send(delivery_id=queued.pk)
    assert Alert.objects.get().resolved_at is not None


def test_without_a_mail_server_it_waits_with_an_alert(queued, mail_server):
    mail_server(None)

    assert send(delivery_id=queued.pk).kind == SendKind.RETRY

    queued.refresh_from_db()
    assert (queued.status, queued.attempts, queued.lease_token) == ("queued", 0, None)
    assert queued.next_run_at > timezone.now() + dt.timedelta(minutes=5)
    alert = Alert.objects.get()
    assert alert.kind == AlertKind.MAIL_NOT_SET_UP
    assert "CDKEYS_EMAIL_URL" in alert.message
    assert DeliveryLink.objects.count() == 0


def test_what_a_mail_server_answers_is_not_kept(queued, failing, caplog):
    failing(smtplib.SMTPDataError(554, b"5.7.1 blocked https://shop/k/SECRETTOKEN in body"))
    caplog.set_level("DEBUG")
    send(delivery_id=queued.pk)
    queued.refresh_from_db()
    kept = [queued.error, *Alert.objects.values_list("message", flat=True)]
    kept += KeyOrderEvent.objects.values_list("message", flat=True)
    assert "SECRETTOKEN" not in " ".join([*kept, caplog.text])
    assert queued.error == "The mail server answered 554 5.7.1."


def test_an_unforeseen_error_is_retried_and_tells_no_values(queued, failing, caplog):
    failing(RuntimeError(f"choked on {CODE}"))

    assert send(delivery_id=queued.pk).kind == SendKind.RETRY

    queued.refresh_from_db()
    assert queued.error == "Unforeseen error RuntimeError."
    assert "RuntimeError" in caplog.text
    assert CODE not in caplog.text


def test_failing_to_say_goodbye_is_not_a_failure(queued, monkeypatch):
    def break_off(self):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.close", break_off)
    assert send(delivery_id=queued.pk).kind == SendKind.SENT


def test_one_whose_lease_was_lost_while_failing_writes_nothing(queued, monkeypatch):
    def lose(message, *, transport):
        Delivery.objects.update(lease_token=None, attempts=5)
        raise postman.MailDelayed("slow")

    monkeypatch.setattr(postman, "hand_over", lose)

    assert send(delivery_id=queued.pk).kind == SendKind.BUSY
    queued.refresh_from_db()
    assert (queued.attempts, queued.error) == (5, "")
    assert not KeyOrderEvent.objects.filter(type=EventType.DELIVERY_FAILED).exists()


def test_one_whose_lease_was_lost_while_sending_is_sent_all_the_same(queued, monkeypatch):
    def slow(message, *, transport):
        Delivery.objects.update(lease_token=None)

    monkeypatch.setattr(postman, "hand_over", slow)
    assert send(delivery_id=queued.pk).kind == SendKind.SENT
    assert Delivery.objects.get().status == DeliveryStatus.SENT


def test_neither_token_nor_code_is_in_database_or_log(db, caplog):
    caplog.set_level("DEBUG")
    sent = deliver(make_line(CODE))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_name LIKE 'saleor_cdkeys%%'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        dump = b""
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            dump += "\n".join(row[0] for row in cursor.fetchall()).encode()
    assert CUSTOMER.encode() in dump
    # Columns of bytes are shown in hexadecimal digits.
    for secret in (sent.token, CODE):
        assert secret.encode() not in dump
        assert secret.encode().hex().encode() not in dump
        assert secret not in caplog.text
