"""The fake G2A, and workers in front of it or of what a test says."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from saleor_cdkeys.suppliers.sandbox_server import Product, Shop
from tests.suppliers.g2a.account import EMAIL, HASH, SECRET, Worker, open_adapter
from tests.suppliers.g2a.answers import PRODUCT
from tests.suppliers.wire import Wire


@pytest.fixture
def server():
    shop = Shop([Product(PRODUCT, Decimal("5.10"), 100)], late_seconds=0.2)
    with G2AServer(
        shop, api_hash=HASH, email=EMAIL, api_secret=SECRET, hang_seconds=1.5, retry_after=7
    ) as server:
        yield server


@pytest.fixture
def worker(server):
    with closing(open_adapter(server.base_url)) as adapter:
        yield Worker(adapter)


@pytest.fixture
def on_wire():
    """A worker in front of a supplier that says these things, one after the other."""
    opened: list = []

    def on_wire(*behaviours, order_id: str = "", kept: bytes = b"", **config):
        wire = Wire(*behaviours).__enter__()
        opened.append(wire)
        worker = Worker(open_adapter(f"{wire.url}/v1", **config))
        opened.append(closing(worker.adapter))
        worker.order_id, worker.kept = order_id, kept
        worker.wire = wire
        return worker

    yield on_wire
    for one in reversed(opened):
        one.__exit__(None, None, None)
