"""The fake Kinguin, and an adapter in front of it."""

from __future__ import annotations

from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.fakes.kinguin import KinguinServer
from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product, Shop
from tests.suppliers.kinguin.account import API_KEY, WEBHOOK_SECRET, open_adapter
from tests.suppliers.kinguin.answers import P1, PRICE


@pytest.fixture(autouse=True)
def _patience(settings, _haste):
    """Buying takes three calls, and on a busy machine one of them could be given up too early."""
    settings.CDKEYS_SUPPLIER_TIMEOUT = 1.0


@pytest.fixture
def server():
    shop = Shop([Product(P1, PRICE.amount)], late_seconds=0.2)
    with KinguinServer(
        shop,
        api_key=API_KEY,
        webhook_secret=WEBHOOK_SECRET,
        hang_seconds=2.5,
        retry_after=7,
    ) as server:
        yield server


@pytest.fixture
def adapter(server):
    with closing(open_adapter(server.url)) as adapter:
        yield adapter


@pytest.fixture
def unreleased(server):
    server.books.details[P1] = Details(is_preorder=True, release_date="2031-02-03")
