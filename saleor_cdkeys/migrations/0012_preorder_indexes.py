import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was bought by a mapping, by time; it serves the foreign key as well.

    And the other foreign key of 0011 is validated.
    """

    atomic = False

    dependencies = [("saleor_cdkeys", "0011_preorders")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE saleor_cdkeys_delivery VALIDATE CONSTRAINT cdkeys_delivery_release_of",
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            "delivery",
            models.Index(
                fields=["release_of", "id"],
                name="cdkeys_delivery_release",
                condition=models.Q(("release_of__isnull", False)),
            ),
        ),
        AddIndexConcurrently(
            "purchase",
            models.Index(fields=["mapping", "created_at"], name="cdkeys_purchase_by_mapping"),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="mapping",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="purchases",
                to="saleor_cdkeys.suppliermapping",
            ),
        ),
    ]
