"""A key product of which a supplier's P1 is mapped, and the shelf that the supplier sells from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from saleor_cdkeys.models import KeyOrder, Supplier, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus
from tests.factories.cdkeys import buy, key_orders, make_key_product, make_mapping, make_supplier
from tests.mapping.catalogues import Shelf, listed, use_shelf


@pytest.fixture
def shelf(monkeypatch) -> Shelf:
    shelf = use_shelf(monkeypatch)
    shelf.put(listed("P1"))
    return shelf


@pytest.fixture
def supplier(db) -> Supplier:
    return make_supplier(name="Keyhouse")


@pytest.fixture
def product(channel):
    return make_key_product(channel=channel, source="suppliers")


@pytest.fixture
def mapping(product, supplier) -> SupplierMapping:
    return make_mapping(product, supplier, "P1")


@pytest.fixture
def time_passes():
    """Everything that has a time becomes that much older; mappings are due again."""

    def passes(*, seconds: float = 0.0):
        earlier = dt.timedelta(seconds=seconds)
        for row in SupplierMapping.objects.all():
            row.refresh_at -= earlier
            row.seen_at = row.seen_at and row.seen_at - earlier
            row.save()
        for row in Supplier.objects.exclude(changes_due_at=None):
            row.changes_due_at -= earlier
            row.changes_read_until = row.changes_read_until and row.changes_read_until - earlier
            row.save()

    return passes


@pytest.fixture
def waiting(channel, product):
    """A key order of the product that waits, and would look again by itself only tomorrow."""

    def make(reason="out_of_stock") -> KeyOrder:
        (key_order,) = key_orders(buy(channel=channel, lines=[(product, 1)]))
        tomorrow = timezone.now() + dt.timedelta(days=1)
        KeyOrder.objects.filter(pk=key_order.pk).update(
            status=KeyOrderStatus.WAITING, reason=reason, next_run_at=tomorrow
        )
        return key_order

    return make
