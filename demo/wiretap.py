"""Listening to everything that is said to Redis: Celery's messages, and the cache."""

from __future__ import annotations

import ast
import base64
import contextlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_ARGUMENT = re.compile(rb'"(?:[^"\\]|\\.)*"')


class Wiretap:
    """Writes every command that Redis is given to a file, from start to stop."""

    def __init__(self, url: str, *, file: Path) -> None:
        address = urlsplit(url)
        self.file = file
        self._socket = socket.create_connection((address.hostname, address.port or 6379), 5)
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Wiretap:
        self._socket.sendall(b"MONITOR\r\n")
        self._socket.recv(16)
        self._socket.settimeout(None)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        # Ends the thread, which waits for the next command.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(3)
        self._socket.close()

    def _listen(self) -> None:
        with self.file.open("wb", buffering=0) as out, contextlib.suppress(OSError):
            while heard := self._socket.recv(65536):
                out.write(heard)

    def commands(self) -> Iterator[list[bytes]]:
        """What Redis was told: name and arguments, as they were before they were printed."""
        for line in self.file.read_bytes().split(b"\r\n"):
            yield [ast.literal_eval("b" + each.decode()) for each in _ARGUMENT.findall(line)]

    def messages(self) -> Iterator[dict[str, Any]]:
        """Celery's messages: their headers, and the body in the clear."""
        for command in self.commands():
            if len(command) == 3 and command[0].upper() == b"LPUSH" and b'"body"' in command[2]:
                envelope = json.loads(command[2])
                body = base64.b64decode(envelope["body"]).decode()
                yield {"headers": envelope["headers"], "body": body}
