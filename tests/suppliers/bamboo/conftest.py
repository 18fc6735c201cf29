"""The fake Bamboo, and an adapter in front of it."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.fakes.bamboo import BambooServer
from saleor_cdkeys.suppliers.fakes.bamboo_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product, Shop
from tests.suppliers.bamboo.account import CLIENT, NOTIFICATION, SECRET, WEBHOOK, open_adapter
from tests.suppliers.bamboo.answers import PRODUCT, RANGE


@pytest.fixture
def server():
    products = [Product(PRODUCT, Decimal("5.10")), Product(RANGE, Decimal("4.80"))]
    with BambooServer(
        Shop(products, late_seconds=0.2),
        credentials=(CLIENT, SECRET),
        notification_secret=NOTIFICATION,
        webhook_secret=WEBHOOK,
        hang_seconds=1.5,
        retry_after=7,
    ) as server:
        server.books.details[RANGE] = Details(
            brand="Example Wallet",
            name="Wallet",
            country="US",
            faces=(Decimal(5), Decimal(100)),
            is_limited=False,
            changed=dt.date(2025, 6, 1),
        )
        yield server


@pytest.fixture(autouse=True)
def _haste():
    """Outside the contract nobody lets it wait, and a busy machine must not seem to."""


@pytest.fixture
def adapter(server):
    with closing(open_adapter(server.url)) as adapter:
        yield adapter
