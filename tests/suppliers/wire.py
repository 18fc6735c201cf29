"""A server on loopback that does with each connection whatever a test says."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable

Behaviour = Callable[[socket.socket], None]


class Wire:
    """Accepts connections and hands each, once its request is read, to the next behaviour.

    The last behaviour is repeated. ``requests`` are the requests as they came in.
    """

    def __init__(self, *behaviours: Behaviour) -> None:
        self._behaviours = list(behaviours)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.requests: list[bytes] = []
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Wire:
        self._start(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._listening.accept()
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self.requests.append(_read_request(connection))
            behave = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
            behave(connection)


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536) or b"\r\n\r\n"
    head, _blank, body = received.partition(b"\r\n\r\n")
    wanted = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            wanted = int(line.split(b":")[1])
    while len(body) < wanted:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def head(status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer(body: bytes, status: str = "200 OK", *headers: str) -> Behaviour:
    """A whole answer."""
    return lambda connection: connection.sendall(head(status, *headers, length=len(body)) + body)


def half(body: bytes) -> Behaviour:
    """The first half of an answer, and then a reset."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(head(length=len(body)) + body[: len(body) // 2])
        # Time for it to arrive: a reset discards what was not read yet.
        threading.Event().wait(0.1)
        reset(connection)

    return behave


def silent(connection: socket.socket) -> None:
    """Say nothing until the caller has hung up."""
    connection.settimeout(5)
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(content: bytes, *, pause: float = 0.05) -> Behaviour:
    """A byte now and then, for longer than anybody waits."""

    def behave(connection: socket.socket) -> None:
        for number in range(len(content)):
            connection.sendall(content[number : number + 1])
            threading.Event().wait(pause)

    return behave


# Sockets that hold ports and do not listen. As long as they do, nobody else can listen there.
_held: list[socket.socket] = []


def closed_port() -> int:
    """A port of loopback at which nobody listens, nor will as long as this process lives."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    _held.append(holder)
    port: int = holder.getsockname()[1]
    return port
