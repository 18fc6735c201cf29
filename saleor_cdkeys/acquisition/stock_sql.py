"""The statements that hand out stock, each the same work however many keys and orders there are."""

from __future__ import annotations

from saleor_cdkeys.statuses import QUEUED_FOR_KEYS

_REASONS = ", ".join(f"'{reason.value}'" for reason in QUEUED_FOR_KEYS)

# The lowest free keys of a product. The order, with BETWEEN, is that of the index of free keys and
# of no other. For "=" in the order of ids the primary key would do as well, and seems as good where
# most keys are free; it then leads past all keys that were ever sold.
_FREE = """
    SELECT id FROM saleor_cdkeys_key
    WHERE key_product_id BETWEEN {product} AND {product} AND status = 'available'{which}
    ORDER BY key_product_id DESC, id"""
_BOUGHT = " AND purchase_id IS NOT NULL"


def free_keys(*, product: str = "%(product)s", bought_only: bool = False) -> str:
    """The lowest free keys of a product, as a SELECT of ids to which a limit is added.

    ``product`` is SQL. ``bought_only``: only those that were bought from a supplier.
    """
    return _FREE.format(product=product, which=_BOUGHT if bought_only else "")


# What a key order wants, and whether somebody is before it in the queue.
WANTED = f"""
SELECT me.lease_token, me.key_product_id, (
    SELECT count(*) FROM saleor_cdkeys_keyunit
    WHERE key_order_id = me.id AND status = 'open'
), EXISTS (
    SELECT FROM saleor_cdkeys_keyorder AS other
    WHERE other.key_product_id = me.key_product_id
        AND other.status = 'waiting' AND other.reason IN ({_REASONS})
        AND (other.paid_at, other.id) < (coalesce(me.paid_at, me.created_at), me.id)
)
FROM saleor_cdkeys_keyorder AS me WHERE me.id = %(key_order)s
"""  # noqa: S608 - the names are constants

# How many units those before it want. They are counted for one after the other: joined, the
# database may choose to read all units there are.
WANTED_BEFORE = f"""
SELECT coalesce(sum(theirs.count), 0)::bigint
FROM (
    SELECT other.id FROM saleor_cdkeys_keyorder AS other, saleor_cdkeys_keyorder AS me
    WHERE me.id = %(key_order)s AND other.key_product_id = me.key_product_id
        AND other.status = 'waiting' AND other.reason IN ({_REASONS})
        AND (other.paid_at, other.id) < (coalesce(me.paid_at, me.created_at), me.id)
    ORDER BY other.paid_at, other.id LIMIT %(look_ahead)s
) AS before, LATERAL (
    SELECT count(*) FROM saleor_cdkeys_keyunit
    WHERE key_order_id = before.id AND status = 'open'
) AS theirs
"""  # noqa: S608 - the names are constants

COUNT_FREE = "SELECT count(*) FROM ({free} LIMIT %(at_most)s) AS free"

# All in one statement, which needs no transaction around it. Key order and units are locked where
# they are read: a statement sees what was committed before it began, and a locked row as it is now.
# The n-th open unit gets the n-th free key; one that has no partner stays as it is.
ASSIGN = """
WITH me AS MATERIALIZED (
    SELECT id FROM saleor_cdkeys_keyorder
    WHERE id = %(key_order)s AND lease_token = %(token)s FOR NO KEY UPDATE
), assigned AS (
    UPDATE saleor_cdkeys_key AS key SET status = 'assigned', unit_id = pair.unit_id
    FROM unnest(
        ARRAY(
            SELECT id FROM saleor_cdkeys_keyunit
            WHERE key_order_id = (SELECT id FROM me) AND status = 'open'
            ORDER BY number FOR NO KEY UPDATE
        ),
        ARRAY({free}
            LIMIT %(wanted)s FOR UPDATE SKIP LOCKED
        )
    ) AS pair(unit_id, key_id)
    WHERE key.id = pair.key_id AND pair.unit_id IS NOT NULL
    RETURNING key.unit_id
), filled AS (
    UPDATE saleor_cdkeys_keyunit AS unit SET status = 'filled'
    FROM assigned WHERE unit.id = assigned.unit_id
    RETURNING unit.id
), noted AS (
    INSERT INTO saleor_cdkeys_keyorderevent
        (key_order_id, type, from_status, to_status, reason, message, data, created_at)
    SELECT %(key_order)s, 'keys_assigned', '', '', '', '',
        jsonb_build_object('count', count(*)), %(now)s
    FROM filled HAVING count(*) > 0
)
SELECT EXISTS (SELECT FROM me), (SELECT count(*) FROM filled)
"""
