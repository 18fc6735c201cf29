"""A mail server that takes everything and keeps it."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import logging
import re
import time
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


def _link(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    found = None if body is None else _LINK.search(body.get_content())
    return "" if found is None else found[0]


class MailSink:
    """The server, on a free port of loopback; use it as a context."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[Mail] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        now = time.monotonic()
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        link = _link(message)
        self.mails += [Mail(recipient, now, message, link) for recipient in envelope.rcpt_tos]
        return "250 OK"

    def with_keys(self, recipient: str) -> list[Mail]:
        """The messages of the plugin to this address."""
        return [mail for mail in list(self.mails) if mail.link and mail.recipient == recipient]

    def __enter__(self) -> MailSink:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()
