from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# That of 0007 with one reason more. Who waits for a release runs only when the product's own moment
# is over, so that moment need not be looked at here.
_REPLACE = """
CREATE OR REPLACE FUNCTION cdkeys_allocate(
    of_order bigint, by_owner uuid, at_most bigint, bought_only boolean, noted_at timestamptz
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    key_order record;
    open_unit bigint;
    free_key bigint := 0;
    got integer := 0;
BEGIN
    SELECT id, key_product_id, coalesce(paid_at, created_at) AS since INTO key_order
    FROM saleor_cdkeys_keyorder
    WHERE id = of_order AND lease_token = by_owner FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF at_most IS NULL AND EXISTS (
        SELECT FROM saleor_cdkeys_keyorder AS other
        WHERE other.key_product_id = key_order.key_product_id
            AND other.status = 'waiting'
            AND other.reason IN ('out_of_stock', 'price_above_guard', 'currency_mismatch', 'supplier_error',
                'short_delivery', 'duplicate_code', 'not_released')
            AND (other.paid_at, other.id) < (key_order.since, key_order.id)
    ) THEN
        RETURN -1;
    END IF;
    FOR open_unit IN
        SELECT id FROM saleor_cdkeys_keyunit
        WHERE key_order_id = of_order AND status = 'open'
        ORDER BY number FOR NO KEY UPDATE
    LOOP
        EXIT WHEN got >= at_most;
        -- The order, with BETWEEN, is that of the index of free keys and of no other.
        IF bought_only THEN
            SELECT id INTO free_key FROM saleor_cdkeys_key
            WHERE key_product_id BETWEEN key_order.key_product_id AND key_order.key_product_id
                AND status = 'available' AND purchase_id IS NOT NULL AND id > free_key
            ORDER BY key_product_id DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED;
        ELSE
            SELECT id INTO free_key FROM saleor_cdkeys_key
            WHERE key_product_id BETWEEN key_order.key_product_id AND key_order.key_product_id
                AND status = 'available' AND id > free_key
            ORDER BY key_product_id DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED;
        END IF;
        EXIT WHEN NOT FOUND;
        UPDATE saleor_cdkeys_key SET status = 'assigned', unit_id = open_unit WHERE id = free_key;
        UPDATE saleor_cdkeys_keyunit SET status = 'filled' WHERE id = open_unit;
        got := got + 1;
    END LOOP;
    IF got > 0 THEN
        INSERT INTO saleor_cdkeys_keyorderevent
            (key_order_id, type, from_status, to_status, reason, message, data, created_at)
        VALUES (of_order, 'keys_assigned', '', '', '', '',
            jsonb_build_object('count', got), noted_at);
    END IF;
    RETURN got;
END $$
"""


class Migration(migrations.Migration):
    """Orders that wait for a supplier's release queue for keys that come into stock meanwhile.

    The function stays when this is taken back: older code has no harm of the reason.
    """

    atomic = False

    dependencies = [("saleor_cdkeys", "0012_preorder_indexes")]

    operations = [
        # The new one first: without an index the whole queue would be read.
        AddIndexConcurrently(
            "keyorder",
            models.Index(
                fields=["key_product", "paid_at", "id"],
                name="cdkeys_order_wants_key",
                condition=models.Q(
                    (
                        "reason__in",
                        (
                            "out_of_stock",
                            "price_above_guard",
                            "currency_mismatch",
                            "supplier_error",
                            "short_delivery",
                            "duplicate_code",
                            "not_released",
                        ),
                    ),
                    ("status__in", ("waiting", "failed")),
                ),
            ),
        ),
        migrations.RunSQL(_REPLACE, migrations.RunSQL.noop),
        RemoveIndexConcurrently("keyorder", "cdkeys_order_queue"),
    ]
