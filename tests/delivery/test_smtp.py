"""Sending through a real SMTP server on loopback."""

from __future__ import annotations

import email.policy
import socket
from email.parser import BytesParser

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.send import SendKind, send
from saleor_cdkeys.host.mail import MailTransport
from saleor_cdkeys.models import Alert, Delivery
from saleor_cdkeys.statuses import AlertKind
from tests.delivery.conftest import SENDER
from tests.delivery.rows import CUSTOMER, make_line

PASSWORD = "pass word"


class Sink:
    """Takes what it is sent, or answers RCPT or DATA as told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.rcpt = self.data = "250 OK"
        self.drop_quit = False
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.drop_quit:
            server.transport.abort()
        return "221 Bye"


@pytest.fixture
def sink():
    handler = Sink()

    def sign_in(server, session, envelope, mechanism, data):
        good = (data.login, data.password) == (b"shop", PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=handler.port,
        authenticator=sign_in,
        auth_require_tls=False,
    )
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def queued(db, sink, mail_server):
    transport = MailTransport(
        default_sender=SENDER,
        host="127.0.0.1",
        port=sink.port,
        username="shop",
        password=PASSWORD,
    )
    mail_server(transport)
    return queue_for_order(order_id=make_line("AAAA-1111", language="pl").order_id)[0]


def test_a_message_arrives_whole(queued, sink):
    assert send(delivery_id=queued.pk).kind == SendKind.SENT

    (envelope,) = sink.taken
    assert envelope.mail_from == "keys@pixeldepot.example"
    assert envelope.rcpt_tos == [CUSTOMER]
    message = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
    assert message["Subject"] == f"Twój klucz do zamówienia {queued.order_number}"
    assert message["Message-ID"] == f"<cdkeys.{queued.uid}@pixeldepot.example>"
    assert message["Date"]
    assert message.get_body(("plain",)).get_content().startswith("Twój klucz jest gotowy")
    assert "Pokaż mój klucz" in message.get_body(("html",)).get_content()
    assert b"AAAA-1111" not in envelope.content
    assert max(len(line) for line in envelope.content.split(b"\r\n")) <= 998


def test_a_server_that_hangs_up_after_taking_it_has_taken_it(queued, sink):
    sink.drop_quit = True
    assert send(delivery_id=queued.pk).kind == SendKind.SENT
    assert send(delivery_id=queued.pk).kind == SendKind.BUSY
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("rcpt", "data", "kind"),
    [
        ("550 5.1.1 no such user", "250 OK", SendKind.FAILED),
        ("450 4.2.1 busy", "250 OK", SendKind.RETRY),
        ("554 5.7.1 relay denied", "250 OK", SendKind.RETRY),
        ("250 OK", "451 4.3.0 later", SendKind.RETRY),
        ("250 OK", "554 5.6.0 no", SendKind.RETRY),
    ],
)
def test_refusals_are_told_apart(queued, sink, rcpt, data, kind):
    sink.rcpt, sink.data = rcpt, data
    assert send(delivery_id=queued.pk).kind == kind
    assert sink.taken == []


def test_a_wrong_password_is_told_to_staff_without_the_password(queued, sink, mail_server):
    mail_server(
        MailTransport(
            default_sender=SENDER,
            host="127.0.0.1",
            port=sink.port,
            username="shop",
            password="hunter2",
        )
    )
    assert send(delivery_id=queued.pk).kind == SendKind.RETRY
    alert = Alert.objects.get()
    assert alert.kind == AlertKind.MAIL_NOT_SET_UP
    assert alert.message == "The mail server answered 535 5.7.8."
    assert "hunter2" not in alert.message + Delivery.objects.get().error


def test_nobody_listening_is_tried_again(queued, sink, mail_server):
    mail_server(MailTransport(default_sender=SENDER, host="127.0.0.1", port=9))
    result = send(delivery_id=queued.pk)
    assert (result.kind, result.error) == (
        SendKind.RETRY,
        "The mail server could not be reached (ConnectionRefusedError).",
    )


def test_settings_that_contradict_each_other_are_told_to_staff(queued, mail_server):
    mail_server(MailTransport(default_sender=SENDER, host="127.0.0.1", use_tls=True, use_ssl=True))
    assert send(delivery_id=queued.pk).kind == SendKind.RETRY
    assert "TLS and SSL" in Alert.objects.get().message
    assert Delivery.objects.get().attempts == 0


@pytest.mark.parametrize("sender", ["", "nonsense", "Shop <>"])
def test_without_a_sender_address_nothing_is_sent(queued, sink, mail_server, sender):
    mail_server(MailTransport(default_sender=sender, host="127.0.0.1", port=sink.port))
    assert send(delivery_id=queued.pk).kind == SendKind.RETRY
    assert "sender address" in Alert.objects.get().message
    assert sink.taken == []
