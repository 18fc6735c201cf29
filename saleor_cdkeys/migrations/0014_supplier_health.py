from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("saleor_cdkeys", "0013_queue_before_release"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShopTurn",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("after", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="supplier",
            name="balance_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="supplier",
            name="order_failures",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="supplier",
            name="pause_balance_amount",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True),
        ),
        migrations.AddField(
            model_name="suppliermapping",
            name="countries",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="supplier",
            name="pause_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("account", "The supplier does not accept the account"),
                    ("balance", "The balance at the supplier is too low"),
                    ("errors", "The supplier failed several times in a row"),
                ],
                default="",
                max_length=16,
            ),
        ),
    ]
