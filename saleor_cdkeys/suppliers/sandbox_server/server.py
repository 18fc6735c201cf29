"""Fake suppliers as servers, in a thread or as a process of their own."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from typing import Any, Self

from saleor_cdkeys.suppliers.sandbox_server.faults import Script
from saleor_cdkeys.suppliers.sandbox_server.handler import Handler
from saleor_cdkeys.suppliers.sandbox_server.protocol import FakeHandler
from saleor_cdkeys.suppliers.sandbox_server.shop import Shop


class FakeServer:
    """A fake supplier; start it, or use it as a context.

    ``host`` is the address of this machine that it listens on, loopback unless told otherwise.
    ``hang_seconds`` is how long an order that shall time out is left without an answer,
    ``retry_after`` what a 429 tells the buyer to wait. ``requests`` lists the method and path of
    all calls.
    """

    handler: type[FakeHandler]

    def __init__(
        self,
        shop: Shop,
        *,
        script: Script | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        hang_seconds: float = 60.0,
        retry_after: int = 1,
    ) -> None:
        self.shop = shop
        self.script = script or Script()
        self.hang_seconds = hang_seconds
        self.retry_after = retry_after
        self.stopping = threading.Event()
        self.requests: list[str] = []
        handler = type("Handler", (self.handler,), {"fake": self})
        self._server = _Server((host, port), handler)
        self._thread = threading.Thread(
            # Looks so often, in seconds, whether it shall stop.
            target=self._server.serve_forever,
            args=(0.05,),
            name="cdkeys-fake-supplier",
            daemon=True,
        )

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        """End all calls under way without an answer, and give the port back."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()


class SandboxServer(FakeServer):
    """The sandbox. ``api_key`` is asked for where it is not empty."""

    handler = Handler

    def __init__(self, shop: Shop, *, api_key: str = "", **options: Any) -> None:
        self.api_key = api_key
        super().__init__(shop, **options)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A buyer that went away is no error, and its request holds what is not to be printed."""
