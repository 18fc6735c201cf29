"""A mail server that keeps what it took, told by recipient."""

from __future__ import annotations

import contextlib
import email
import logging
import socket
from collections.abc import Iterator
from email.message import Message

from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.WARNING)


class MailServer:
    """``answer`` is what it says to each message; only what it answers 250 to is kept."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Message]] = []
        self.answer = "250 OK"
        self.port = free_port()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        if self.answer.startswith("250"):
            message = email.message_from_bytes(envelope.content)
            self.messages += [(recipient, message) for recipient in envelope.rcpt_tos]
        return self.answer

    def to(self, recipient: str) -> list[Message]:
        """The messages that it accepted for this recipient."""
        return [message for address, message in self.messages if address == recipient]


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
