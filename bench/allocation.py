"""Handing out keys: workers that all take keys of one product, against the bare statement."""

from __future__ import annotations

import os
import uuid

import psycopg

from bench.aside import Crew, WorkFailed
from bench.databases import Databases
from bench.display import Steps
from bench.measure import Measurement, Target, alone, paired
from bench.options import Options

_TOKEN = uuid.UUID(int=1)

_POOL = """
INSERT INTO saleor_cdkeys_key (uid, key_product_id, status, kind, sealed, fingerprint, hint,
    supplier_key_id, cost_currency, created_at)
SELECT gen_random_uuid(), %(product)s, 'available', 'text',
    -- As long as a sealed code of 17 characters.
    decode(repeat('00', 50), 'hex'), sha256(convert_to('bench' || n, 'UTF8')),
    to_char(n %% 10000, 'FM0000'), '', '', now()
FROM generate_series(1, %(count)s) AS n
"""

# Key orders in the middle of their run: owned by a worker, with open units.
_KEY_ORDERS = """
WITH made AS (
    INSERT INTO saleor_cdkeys_keyorder (order_line_id, order_id, order_number, channel_id,
        channel_slug, key_product_id, variant_id, product_name, sku, email, language_code, quantity,
        unit_price_amount, currency, status, reason, detail, attempts, next_run_at,
        released_by_staff, lease_token, lease_expires_at, paid_at, created_at, updated_at)
    SELECT gen_random_uuid(), gen_random_uuid(), n::text, 1, 'bench', %(product)s, 1, 'Game', '',
        'customer@example.com', 'en', 1, 20, 'EUR', 'processing', '', '', 0, now(), false,
        %(token)s, now() + interval '1 hour', now(), now(), now()
    FROM generate_series(1, %(count)s) AS n
    RETURNING id
), units AS (
    INSERT INTO saleor_cdkeys_keyunit (key_order_id, number, status)
    SELECT id, 1, 'open' FROM made
)
SELECT id FROM made ORDER BY id
"""

#: What the plugin's own statement comes down to: take free keys that nobody else is taking, and
#: fill the open units with them.
_BARE = """
WITH free AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM (
        SELECT id FROM saleor_cdkeys_key
        WHERE key_product_id BETWEEN %(product)s AND %(product)s AND status = 'available'
        ORDER BY key_product_id DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) AS locked
), open_unit AS (
    SELECT id, row_number() OVER (ORDER BY number) AS n FROM saleor_cdkeys_keyunit
    WHERE key_order_id = %(key_order)s AND status = 'open'
), assigned AS (
    UPDATE saleor_cdkeys_key AS key SET status = 'assigned', unit_id = open_unit.id
    FROM free JOIN open_unit USING (n) WHERE key.id = free.id
    RETURNING key.unit_id
)
UPDATE saleor_cdkeys_keyunit AS unit SET status = 'filled'
FROM assigned WHERE unit.id = assigned.unit_id
"""

_DUPLICATES = """
SELECT count(*) - count(DISTINCT unit_id) FROM saleor_cdkeys_key WHERE status = 'assigned'
"""
_FILLED = """
SELECT count(*) FROM saleor_cdkeys_keyunit AS unit
WHERE status = 'filled' AND EXISTS (
    SELECT 1 FROM saleor_cdkeys_key AS key WHERE key.unit_id = unit.id AND key.status = 'assigned')
"""


def allocate_all(key_order_ids: list[int]) -> None:
    """As a worker does it, one key order after the other."""
    from saleor_cdkeys.acquisition.stock import allocate

    for key_order_id in key_order_ids:
        allocate(key_order_id=key_order_id, lease_token=_TOKEN)


def take_all(key_order_ids: list[int], product: int) -> None:
    """The bare statement, as often, each in its own transaction."""
    connection = _bare_connection()
    for key_order_id in key_order_ids:
        with connection.transaction():
            connection.execute(_BARE, {"product": product, "key_order": key_order_id})


_connections: list[psycopg.Connection] = []


def _bare_connection() -> psycopg.Connection:
    """Kept open, as Django's is."""
    if not _connections:
        _connections.append(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True))
    return _connections[0]


def measure(options: Options, databases: Databases, steps: Steps) -> list[Measurement]:
    """One pool for all: each turn takes the next keys of it, ours and bare."""
    share = _share(options)
    steps.expect(options.rounds + 3)
    with databases.using("allocation"), Crew(options.workers) as crew:
        steps.begin(f"a pool of {options.pool:,} keys")
        product, ids = _fill(options, count=2 * share * options.workers * (options.rounds + 1))

        def turn() -> tuple[float, float]:
            ours = crew.seconds(allocate_all, [(_cut(ids, share),) for _ in range(crew.size)])
            bare = crew.seconds(take_all, [(_cut(ids, share), product) for _ in range(crew.size)])
            return share * crew.size / ours, share * crew.size / bare

        steps.begin("warming up")
        turn()
        pairs = []
        for number in range(1, options.rounds + 1):
            steps.begin(f"{options.workers} workers, turn {number} of {options.rounds}")
            pairs.append(turn())
        steps.begin("looking for duplicates")
        duplicates = _duplicates(expected=2 * share * options.workers * (options.rounds + 1))
    return [
        paired(f"{options.workers} workers", "keys/s", pairs, Target(at_least=0.5)),
        alone("keys that two customers got", "", duplicates, Target(at_most=0)),
    ]


def _share(options: Options) -> int:
    """Key orders of one worker in one turn; all turns together take half of the pool at most."""
    most = options.pool // 4 // options.workers // (options.rounds + 1)
    return max(1, min(250, most))


def _cut(ids: list[int], count: int) -> list[int]:
    taken = ids[:count]
    del ids[:count]
    return taken


def _fill(options: Options, *, count: int) -> tuple[int, list[int]]:
    """The product, and key orders that want a key of it."""
    from django.db import connection

    from saleor_cdkeys.models import KeyProduct

    product = KeyProduct.objects.create(variant_id=1, sku="game-1", name="Game").pk
    with connection.cursor() as cursor:
        cursor.execute(_POOL, {"product": product, "count": options.pool})
        cursor.execute(_KEY_ORDERS, {"product": product, "token": _TOKEN, "count": count})
        ids = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("VACUUM ANALYZE")
    return product, ids


def _duplicates(*, expected: int) -> int:
    """Keys beyond the first of a unit, or lost ones."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_DUPLICATES)
        (duplicates,) = cursor.fetchone()
        cursor.execute(_FILLED)
        (filled,) = cursor.fetchone()
    if filled != expected:
        raise WorkFailed(f"{filled} of {expected} key orders got a key.")
    return int(duplicates)
