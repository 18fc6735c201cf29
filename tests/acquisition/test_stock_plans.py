"""Which way the database goes to the stock: never along what was sold."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from saleor_cdkeys.acquisition import stock_sql
from saleor_cdkeys.models import Key
from saleor_cdkeys.statuses import QUEUED_FOR_KEYS
from tests.factories.cdkeys import make_key_product

_KEYS = """
INSERT INTO saleor_cdkeys_key (uid, key_product_id, status, kind, sealed, fingerprint, hint,
    supplier_key_id, cost_currency, created_at)
SELECT gen_random_uuid(), %s, 'available', 'text', '\\x00', sha256(n::text::bytea), '',
    '', '', now()
FROM generate_series(1, 5000) AS n
"""


@pytest.fixture
def product(channel):
    """Five thousand free keys, as the planner knows as well."""
    product = make_key_product(channel=channel)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [product.pk])
        cursor.execute("ANALYZE saleor_cdkeys_key")
    return product


def _plan(statement: str, product) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement} LIMIT 1", {"product": product.pk})
        return "\n".join(line for (line,) in cursor.fetchall())


def test_free_keys_are_found_in_the_index_of_free_keys(product):
    plan = _plan(stock_sql.free_keys(), product)

    assert "using cdkeys_key_free" in plan
    assert "Sort" not in plan


def test_bought_keys_are_found_in_an_index_of_their_own(product):
    plan = _plan(stock_sql.free_keys(bought_only=True), product)

    assert "using cdkeys_key_surplus" in plan


def test_the_function_knows_every_reason_to_queue(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('cdkeys_allocate'::regproc)")
        (definition,) = cursor.fetchone()
    (reasons,) = re.findall(r"other\.reason IN \((.*?)\)", definition, flags=re.DOTALL)

    assert set(re.findall(r"'(\w+)'", reasons)) == {reason.value for reason in QUEUED_FOR_KEYS}


def test_the_plain_way_to_ask_goes_along_what_was_sold(product):
    free = Key.objects.filter(key_product=product, status="available").order_by("id")

    assert "using saleor_cdkeys_key_pkey" in free[:1].explain()
