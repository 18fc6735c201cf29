"""A mail server that keeps what it took, told by recipient."""

from __future__ import annotations

import asyncio
import contextlib
import email
import logging
import socket
from collections.abc import Iterator
from email.message import Message

from aiosmtpd.controller import Controller


logging.getLogger("mail.log").setLevel(logging.WARNING)


class MailServer:
    """``pause``: seconds that it takes over a message before it accepts it."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Message]] = []
        self.pause = 0.0
        self.port = _free_port()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        await asyncio.sleep(self.pause)
        for recipient in envelope.rcpt_tos:
            self.messages.append((recipient, email.message_from_bytes(envelope.content)))
        return "250 OK"

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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
