"""Listening to everything that is said to Redis: Celery's messages, and the cache."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_ARGUMENT = re.compile(rb'"((?:[^"\\]|\\.)*)"')
#: Of Celery's envelope; other lists of Redis hold none.
_BODY = b'"body"'


class Wiretap:
    """Writes every command that Redis is given to a file, from start to stop."""

    def __init__(self, url: str, *, file: Path) -> None:
        address = urlsplit(url)
        self.file = file
        self._password = unquote(address.password or "")
        self._socket = socket.create_connection(
            (address.hostname or "127.0.0.1", address.port or 6379), 5
        )
        # Redis may send the first commands along with its answer to MONITOR.
        self._heard = self._socket.makefile("rb")
        self._thread = threading.Thread(target=self._listen, name="wiretap", daemon=True)

    def __enter__(self) -> Wiretap:
        if self._password:
            self._say(f"AUTH {self._password}")
        self._say("MONITOR")
        self._socket.settimeout(None)
        self._thread.start()
        return self

    def _say(self, command: str) -> None:
        self._socket.sendall(f"{command}\r\n".encode())
        answer = self._heard.readline()
        if not answer.startswith(b"+OK"):
            raise ConnectionError(f"Redis answered {answer!r} to {command.split()[0]}.")

    def __exit__(self, *_error: object) -> None:
        # Ends the thread, which waits for the next command.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(3)
        self._heard.close()
        self._socket.close()

    def _listen(self) -> None:
        with self.file.open("wb", buffering=0) as out, contextlib.suppress(OSError):
            while heard := self._heard.read1(65536):
                out.write(heard)

    def commands(self) -> Iterator[list[bytes]]:
        """What Redis was told: name and arguments, as they were before they were printed."""
        for line in self.file.read_bytes().split(b"\r\n"):
            yield [_unescaped(each) for each in _ARGUMENT.findall(line)]

    def messages(self) -> Iterator[dict[str, Any]]:
        """Celery's messages: their headers, and the body in the clear."""
        for command in self.commands():
            if len(command) == 3 and command[0].upper() == b"LPUSH" and _BODY in command[2]:
                envelope = json.loads(command[2])
                body = base64.b64decode(envelope["body"]).decode()
                yield {"headers": envelope["headers"], "body": body}


def _unescaped(printed: bytes) -> bytes:
    """Redis prints bytes as C does: ``\\n``, ``\\xff``."""
    return printed.decode("unicode_escape").encode("latin-1") if b"\\" in printed else printed
