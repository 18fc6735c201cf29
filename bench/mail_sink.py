"""A mail server that takes everything, and keeps the recipients."""

from __future__ import annotations

import socket
from typing import Any

from aiosmtpd.controller import Controller


class MailSink:
    """On a free port of loopback, as long as the block lasts."""

    def __init__(self) -> None:
        self.recipients: list[str] = []
        self.port = _free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def __enter__(self) -> MailSink:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
