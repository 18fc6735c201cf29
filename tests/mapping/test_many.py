"""Fifty thousand mappings cost some calls and queries for each thousand, not for each."""

from __future__ import annotations

import pytest
from django.db import connection

from saleor_cdkeys.acquisition.freshness import refresh_mappings
from saleor_cdkeys.models import Alert, SupplierMapping
from tests.factories.cdkeys import make_key_product
from tests.mapping.catalogues import listed, map_many


@pytest.fixture
def queries():
    """How many statements went to the database since."""
    counted = [0]

    def count(execute, sql, params, many, context):
        counted[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield counted


def _refresh_all(runs: int) -> int:
    return sum(refresh_mappings() for _ in range(runs))


@pytest.mark.parametrize("count", [10_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_many_mappings_cost_little_each(channel, supplier, shelf, queries, monkeypatch, count):
    monkeypatch.setattr("saleor_cdkeys.acquisition.freshness.run.SECONDS", 600.0)
    products = [make_key_product(channel=channel, sku=f"game-{n}") for n in range(5)]
    ids = []
    for number, product in enumerate(products):
        ids += map_many(product, supplier, count // 5, prefix=f"G{number}-")
    shelf.put(*map(listed, ids[:-500]))
    queries[0] = 0
    shelf.asked.clear()

    assert _refresh_all(runs=count // 5000 + 1) == count

    assert shelf.calls("products") <= 2 * count // 1000
    assert queries[0] <= 20 * count // 1000
    assert SupplierMapping.objects.filter(seen_at=None).count() == 0
    assert SupplierMapping.objects.filter(flag="vanished").count() == 500
    assert "500 of the mapped products" in Alert.objects.get().message

    shelf.changed.clear()
    shelf.put(*[listed(known_as, "4.00") for known_as in ids[:1000]])
    connection.cursor().execute(
        "UPDATE saleor_cdkeys_supplier SET changes_due_at = changes_due_at - interval '1 hour'"
    )
    queries[0] = 0
    shelf.asked.clear()
    assert refresh_mappings() == 0

    assert SupplierMapping.objects.filter(price_amount=4).count() == 1000
    assert (shelf.calls("changes"), shelf.calls("products")) == (10, 0)
    assert queries[0] <= 100
