"""It runs on this machine alone, quietly, and ends at once."""

from __future__ import annotations

import json
import threading
import time

import httpx
import pytest

from saleor_cdkeys.suppliers.sandbox_server import Fault, SandboxServer
from tests.suppliers.sandbox_server.buying import how_it_ends


def test_it_listens_on_this_machine_alone(server):
    assert server._server.server_address[0] == "127.0.0.1"


def test_it_prints_nothing(server, buyer, capfd, caplog):
    server.script.queue([Fault.DROP_AFTER, Fault.GARBAGE])
    for _number in range(3):
        how_it_ends(buyer)
    buyer.post("/orders", content=b"{")
    assert capfd.readouterr() == ("", "")
    codes = [key["code"] for sold in server.shop.ledger.values() for key in sold.keys]
    assert len(codes) == 3
    assert not any(code in caplog.text for code in codes)


def test_it_ends_at_once_even_while_it_lets_somebody_wait(shop):
    server = SandboxServer(shop, hang_seconds=60).start()
    server.script.queue([Fault.TIMEOUT_AFTER])
    ended = threading.Event()

    def wait():
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(
                f"{server.url}/orders",
                content=json.dumps(
                    {"reference": "r1", "product": "P1", "quantity": 1, "max_price": "20"}
                ),
                timeout=60,
            )
        ended.set()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    while "r1" not in shop.ledger:
        time.sleep(0.01)
    server.stop()

    assert ended.wait(5)
