from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The queue for keys also holds orders whose suppliers were too dear, failed or were given up."""

    atomic = False

    dependencies = [("saleor_cdkeys", "0001_initial")]

    operations = [
        RemoveIndexConcurrently("keyorder", "cdkeys_order_queue"),
        AddIndexConcurrently(
            "keyorder",
            models.Index(
                fields=["key_product", "paid_at", "id"],
                name="cdkeys_order_queue",
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
                        ),
                    ),
                    ("status__in", ("waiting", "failed")),
                ),
            ),
        ),
    ]
