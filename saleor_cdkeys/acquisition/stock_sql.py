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


# Gives them to the open units of a key order. The function is that of migration 0013, and returns
# how many; NULL if the key order is not owned by this lease; -1 if there is no ``at_most`` and
# somebody is before it in the queue.
ALLOCATE = "SELECT cdkeys_allocate(%(key_order)s, %(token)s, %(at_most)s, %(bought_only)s, %(now)s)"

# What a key order wants.
WANTED = """
SELECT me.key_product_id, (
    SELECT count(*) FROM saleor_cdkeys_keyunit
    WHERE key_order_id = me.id AND status = 'open'
)
FROM saleor_cdkeys_keyorder AS me WHERE me.id = %(key_order)s
"""

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
