"""The HTTP side that all fake suppliers share: reading calls, answering, and going wrong.

What a supplier's own protocol is, a subclass says in ``route``.
"""

from __future__ import annotations

import contextlib
import json
import socket
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import simplejson

from saleor_cdkeys.suppliers.sandbox_server.faults import Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

if TYPE_CHECKING:
    from saleor_cdkeys.suppliers.sandbox_server.server import FakeServer

_TIMEOUTS = (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)
_DROPS = (Fault.DROP_BEFORE, Fault.DROP_AFTER)
_ERRORS = (Fault.ERROR_BEFORE, Fault.ERROR_AFTER)
#: What is sold, and its answer is lost.
LOST = (Fault.TIMEOUT_AFTER, Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.DOWN_AFTER)
#: No call of a buyer is longer, in bytes.
_MAX_BODY = 1_000_000

#: A status and a body: bytes as they are, anything else as JSON, in which a Decimal is a number.
Reply = tuple[int, Any]


class Dropped(Exception):
    """Close the connection without an answer."""


class FakeHandler(BaseHTTPRequestHandler):
    """One connection of a buyer. A subclass for each server says which ``fake`` it is."""

    fake: ClassVar[FakeServer]
    protocol_version = "HTTP/1.1"
    # Headers and body leave as two packets, and the buyer's side would wait for the second.
    disable_nagle_algorithm = True

    def route(self, path: str, query: dict[str, list[str]], raw: bytes) -> Reply:
        """Answer a call. May raise Refusal and Dropped."""
        raise NotImplementedError

    def refuse(self, refusal: Refusal) -> Reply:
        """How this supplier says no."""
        raise NotImplementedError

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet: the ledger tells more."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not (length.isdecimal() and int(length) <= _MAX_BODY):
            self.close_connection = True
            self._send(413, b'{"error": "invalid"}')
            return
        raw = self.rfile.read(int(length))
        address = urlsplit(self.path)
        self.fake.requests.append(f"{self.command} {address.path}")
        try:
            status, body = self.route(address.path, parse_qs(address.query), raw)
        except Refusal as refusal:
            status, body = self.refuse(refusal)
        except Dropped:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(status, body if isinstance(body, bytes) else dumps(body))

    def _send(self, status: int, content: bytes) -> None:
        # The buyer may be gone by now.
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", str(self.fake.retry_after))
            self.end_headers()
            self.wfile.write(content)

    def meet_on(self, call: Call) -> None:
        """Go wrong with a call that sells nothing, if the script says so."""
        self.meet(self.fake.script.draw_for(call))

    def meet(self, fault: Fault | None) -> None:
        """Go wrong without an answer that says what was done; None goes right."""
        if fault is None:
            return
        if fault in _TIMEOUTS:
            self.fake.stopping.wait(self.fake.hang_seconds)
            raise Dropped
        if fault in _DROPS:
            raise Dropped
        if fault is Fault.WRONG_CREDENTIALS:
            raise Refusal("unauthorized", 401)
        if fault is Fault.BUSY:
            raise Refusal("busy", 429)
        if fault in _ERRORS:
            raise Refusal("error", 500)
        raise Refusal("down", 503)

    def sell_late(self, fault: Fault | None) -> None:
        """Let the buyer stop waiting before the order is taken, if that is the fault."""
        if fault is Fault.SELLS_LATE and self.fake.stopping.wait(self.fake.hang_seconds):
            raise Dropped

    def after_selling(self, fault: Fault | None, reply: Reply) -> Reply:
        """The answer to an order that was sold, or what becomes of it on its way."""
        status, body = reply
        if fault in LOST:
            self.meet(fault)
        if fault is Fault.GARBAGE:
            return 200, b"<html>Gateway"
        if fault is Fault.CUT_OFF:
            return status, dumps(body)[:-20]
        if fault is Fault.LOOKUP_ERROR:
            self.fake.script.queue_for(Call.LOOKUP, [Fault.DOWN_BEFORE] * 2)
            raise Dropped
        return reply


def dumps(body: Any) -> bytes:
    text: str = simplejson.dumps(body, use_decimal=True)
    return text.encode()


def read_object(raw: bytes) -> dict[str, Any]:
    """A JSON object with exact amounts. Raises Refusal."""
    try:
        body = json.loads(raw, parse_float=Decimal)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refusal("invalid", 400)
    return body
