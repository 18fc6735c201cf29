"""A limit on how long a whole call may take.

httpx times each read by itself, so a supplier that sends a byte now and then would keep a worker
for good, long after its lease ran out.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any


class TimeLimit:
    """For the length of a block: breaks the connection that ``watch`` saw after ``seconds``.

    The call then ends with the error of a broken connection; ``has_struck`` tells why.
    """

    def __init__(self, seconds: float) -> None:
        self.has_struck = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True

    def __enter__(self) -> TimeLimit:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        if self._socket is not None:
            self._socket.close()

    def watch(self, event: str, info: Any) -> None:
        """Take what httpcore tells of the call."""
        if event == "connection.connect_tcp.complete":
            # A second handle: the first is given away where TLS starts.
            self._socket = info["return_value"].get_extra_info("socket").dup()
            if self.has_struck:
                self._cut()

    def _strike(self) -> None:
        self.has_struck = True
        self._cut()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)
