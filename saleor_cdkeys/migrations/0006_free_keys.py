from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Free keys in an order of their own, and those that were bought and found no buyer."""

    atomic = False

    dependencies = [("saleor_cdkeys", "0005_lists_by_id")]

    operations = [
        AddIndexConcurrently(
            "key",
            models.Index(
                fields=["-key_product", "id"],
                name="cdkeys_key_free",
                condition=models.Q(("status", "available")),
            ),
        ),
        AddIndexConcurrently(
            "key",
            models.Index(
                fields=["-key_product", "id"],
                name="cdkeys_key_surplus",
                condition=models.Q(("purchase__isnull", False), ("status", "available")),
            ),
        ),
        RemoveIndexConcurrently("key", "cdkeys_key_stock"),
    ]
