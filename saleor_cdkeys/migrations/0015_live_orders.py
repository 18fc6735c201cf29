from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which orders of a product may lack keys, however many are at an end."""

    atomic = False

    dependencies = [("saleor_cdkeys", "0014_supplier_health")]

    operations = [
        AddIndexConcurrently(
            "keyorder",
            models.Index(
                fields=["key_product"],
                name="cdkeys_order_live",
                condition=models.Q(("status__in", ["pending", "processing", "waiting", "failed"])),
            ),
        ),
    ]
