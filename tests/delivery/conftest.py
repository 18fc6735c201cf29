"""A mail server that is set up, a fresh count of requests, and short ways to send and to browse."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from saleor_cdkeys import postman
from saleor_cdkeys.delivery.page import handle
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.send import SendKind, send
from saleor_cdkeys.host.mail import MailTransport
from saleor_cdkeys.models import Delivery, KeyOrder

SENDER = "Pixel Depot <keys@pixeldepot.example>"
BASE = "/plugins/global/saleor.cdkeys"

Transport = MailTransport | None


@pytest.fixture(autouse=True)
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Transport], None]:
    """Mails leave through the outbox; call it to have them leave another way, or not at all."""

    def use(transport: Transport) -> None:
        monkeypatch.setattr(postman, "resolve_transport", lambda: transport)

    use(MailTransport(default_sender=SENDER, uses_django_backend=True))
    return use


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@dataclasses.dataclass(frozen=True)
class Sent:
    """A delivery that went out, its message, and the token that only the message knows."""

    delivery: Delivery
    message: EmailMultiAlternatives
    token: str

    @property
    def html(self) -> str:
        return str(self.message.alternatives[0][0])


def token_in(message: EmailMultiAlternatives) -> str:
    found = re.search(r"/k/([\w-]{43})", str(message.body))
    assert found is not None
    return found[1]


def send_now(delivery: Delivery) -> Sent:
    """Send a delivery that must go through."""
    Delivery.objects.filter(pk=delivery.pk).update(next_run_at=timezone.now())
    assert send(delivery_id=delivery.pk).kind == SendKind.SENT
    delivery.refresh_from_db()
    message = mail.outbox[-1]
    return Sent(delivery=delivery, message=message, token=token_in(message))


def deliver(key_order: KeyOrder) -> Sent:
    """Queue and send what is ready of a key order's Saleor order."""
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    return send_now(delivery)


def browse(
    method: str,
    path: str,
    data: dict[str, str] | None = None,
    *,
    ip: str = "203.0.113.9",
    **meta: str,
) -> HttpResponse:
    """What the plugin's URL answers, past the web server."""
    call = getattr(RequestFactory(), method)
    request = call(BASE + path, data or {}, REMOTE_ADDR=ip, **meta)
    return handle(request, path)


def text_of(response: HttpResponse) -> str:
    return response.content.decode()
