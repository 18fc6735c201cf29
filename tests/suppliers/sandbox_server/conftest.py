"""A shop with ten keys, its server, and a buyer who may ask."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from saleor_cdkeys.suppliers.sandbox_server import Product, SandboxServer, Shop
from tests.suppliers.sandbox_server.buying import KEY


@pytest.fixture
def shop():
    return Shop([Product("P1", Decimal("5.10"), 10)], balance=Decimal(100), late_seconds=0.2)


@pytest.fixture
def server(shop):
    with SandboxServer(shop, api_key=KEY, hang_seconds=0.3, retry_after=7) as server:
        yield server


@pytest.fixture
def buyer(server):
    with httpx.Client(base_url=server.url, headers={"X-Api-Key": KEY}, timeout=10) as buyer:
        yield buyer
