"""A sandbox supplier on loopback, and key products that are bought there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from saleor_cdkeys.models import Purchase
from saleor_cdkeys.suppliers.sandbox_server import Product, SandboxServer, Shop
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier


@pytest.fixture(autouse=True)
def _haste(settings):
    """Nobody waits here: look-ups are due at once."""
    settings.CDKEYS_SUPPLIER_TIMEOUT = 0.4
    settings.CDKEYS_LOOKUP_SECONDS = 0.0


@pytest.fixture
def sandbox():
    shop = Shop([Product("P1", Decimal("5.00")), Product("P2", Decimal("6.00"))], late_seconds=0.3)
    with SandboxServer(shop, hang_seconds=1.0) as server:
        yield server


@pytest.fixture
def supplier(db, sandbox):
    return make_supplier(config={"base_url": sandbox.url})


@pytest.fixture
def product(channel, supplier):
    """Sold for 20 EUR, bought for 5, not in stock."""
    product = make_key_product(channel=channel, source="suppliers", price="20.00")
    make_mapping(product, supplier, "P1")
    return product


@pytest.fixture
def quietly(db):
    """Call it when the quiet period of what was sent is over."""

    def over():
        earlier = F("sent_at") - dt.timedelta(minutes=5)
        Purchase.objects.filter(sent_at__isnull=False).update(sent_at=earlier, next_check_at=None)

    return over
