"""Two who create the same thing at once: one gets it, the other is told that it exists."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from saleor_cdkeys.acquisition import mappings, products, suppliers
from saleor_cdkeys.models import KeyProduct, Supplier, SupplierMapping
from tests.factories import make_user, make_variant
from tests.factories.cdkeys import make_key_product, make_supplier
from tests.graphql.client import Api, global_id
from tests.graphql.mutations.documents import MAPPING_CREATE, PRODUCT_CREATE, SUPPLIER_CREATE

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

_BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
ACCOUNT = {"config": {"base_url": "https://keys.example"}}


def _second_while_first_is_uncommitted(first, document, given):
    """What the API answers to whoever comes while the first has written but not committed."""
    owner = make_user("owner@example.com", is_staff=True, is_superuser=True)
    is_written = threading.Event()

    def write_and_commit_late():
        try:
            with transaction.atomic():
                first()
                is_written.set()
                _wait_until_somebody_waits()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(write_and_commit_late)
        assert is_written.wait(30)
        (payload,) = Api(user=owner).data(document, {"input": given}).values()
        job.result(30)
    return [(error["field"], error["code"]) for error in payload["errors"]]


def _wait_until_somebody_waits():
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_BLOCKED)
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "The second never came to the first one's row."
            time.sleep(0.02)


def test_a_variant_becomes_one_key_product(channel):
    variant = make_variant(sku="GAME-1", channel=channel)

    errors = _second_while_first_is_uncommitted(
        lambda: products.create(variant_id=variant.pk, values={"source": "stock"}),
        PRODUCT_CREATE,
        {"variant": global_id("ProductVariant", variant.pk), "source": "SUPPLIERS"},
    )

    assert errors == [("variant", "UNIQUE")]
    assert KeyProduct.objects.get().source == "stock"


def test_a_name_is_given_to_one_account(channel):
    errors = _second_while_first_is_uncommitted(
        lambda: suppliers.create(name="Main", adapter="sandbox", values=ACCOUNT),
        SUPPLIER_CREATE,
        {
            "name": "Main",
            "adapter": "sandbox",
            "config": [{"name": "base_url", "value": "https://other.example"}],
        },
    )

    assert errors == [("name", "UNIQUE")]
    assert Supplier.objects.get().config == ACCOUNT["config"]


@pytest.mark.parametrize(
    ("second", "expected", "positions"),
    [("P1", [("supplierProductId", "UNIQUE")], [0]), ("P2", [], [0, 1])],
)
def test_a_mapping_is_made_once_and_places_are_given_out_one_by_one(
    channel, second, expected, positions
):
    product, supplier = make_key_product(channel=channel), make_supplier()

    errors = _second_while_first_is_uncommitted(
        lambda: mappings.create(
            key_product_id=product.pk, supplier_id=supplier.pk, supplier_product_id="P1"
        ),
        MAPPING_CREATE,
        {
            "keyProduct": global_id("CdKeyProduct", product.pk),
            "supplier": global_id("CdKeySupplier", supplier.pk),
            "supplierProductId": second,
        },
    )

    assert errors == expected
    assert [row.position for row in SupplierMapping.objects.all()] == positions
