"""The fake CodesWholesale, and an adapter in front of it."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.fakes.codeswholesale import CodesWholesaleServer
from saleor_cdkeys.suppliers.sandbox_server import Product, Shop
from tests.suppliers.codeswholesale.account import CLIENT, SECRET, open_adapter
from tests.suppliers.codeswholesale.answers import PRODUCT


@pytest.fixture(autouse=True)
def _patience(settings, _haste):
    """Some tests buy often, and on a busy machine one call could be given up too early."""
    settings.CDKEYS_SUPPLIER_TIMEOUT = 1.0


@pytest.fixture
def server():
    shop = Shop([Product(PRODUCT, Decimal("5.10"))], late_seconds=0.2)
    with CodesWholesaleServer(
        shop, credentials=(CLIENT, SECRET), signature="sig-99", hang_seconds=1.5, retry_after=7
    ) as server:
        yield server


@pytest.fixture
def adapter(server):
    with closing(open_adapter(server.url)) as adapter:
        yield adapter
