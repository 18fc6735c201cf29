from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lists of keys that are not for sale by their status, newest first."""

    atomic = False

    dependencies = [("saleor_cdkeys", "0003_key_order_reason")]

    operations = [
        AddIndexConcurrently(
            "key",
            models.Index(
                fields=["status", "id"],
                name="cdkeys_key_by_status",
                condition=models.Q(("status", "available"), _negated=True),
            ),
        ),
    ]
