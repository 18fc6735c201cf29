from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lists of key orders by their reason, newest first."""

    atomic = False

    dependencies = [("saleor_cdkeys", "0002_queue_for_keys")]

    operations = [
        AddIndexConcurrently(
            "keyorder",
            models.Index(
                fields=["reason", "id"],
                name="cdkeys_order_reason",
                condition=models.Q(("reason", ""), _negated=True),
            ),
        ),
    ]
