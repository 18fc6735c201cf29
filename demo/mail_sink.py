"""A mail server that takes everything and keeps it."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import logging
import re
import time
from collections.abc import Iterable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from demo.processes import free_port

logging.getLogger("mail.log").setLevel(logging.ERROR)

_LINK = re.compile(r"https?://\S+/plugins/global/saleor\.cdkeys/k/[\w-]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Mail:
    """A message as it came in. ``received_at`` in seconds of the monotonic clock.

    ``link`` is the private page that it leads to; Saleor's own mails have none.
    """

    recipient: str
    received_at: float
    message: EmailMessage
    link: str


def read(content: bytes, *, recipients: Iterable[str], received_at: float) -> list[Mail]:
    """A message as it travels, as a mail for each of its recipients."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    found = None if body is None else _LINK.search(body.get_content())
    link = "" if found is None else found[0]
    return [Mail(recipient, received_at, message, link) for recipient in recipients]


def with_keys(mails: Iterable[Mail], *, recipient: str) -> list[Mail]:
    """The plugin's messages to this address."""
    return [mail for mail in mails if mail.link and mail.recipient == recipient]


class MailSink:
    """The server, on a free port of loopback; use it as a context."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[Mail] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails += read(
            envelope.content, recipients=envelope.rcpt_tos, received_at=time.monotonic()
        )
        return "250 OK"

    def __enter__(self) -> MailSink:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()
