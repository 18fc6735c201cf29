import django.db.models.deletion
from django.db import migrations, models

# Not valid: all rows that there are would be read while nothing can be written to two tables, and
# none of them has a value. 0012 validates it, which locks nobody out.
_RELEASE_OF = """
ALTER TABLE saleor_cdkeys_delivery ADD COLUMN release_of_id bigint;
ALTER TABLE saleor_cdkeys_delivery ADD CONSTRAINT cdkeys_delivery_release_of
    FOREIGN KEY (release_of_id) REFERENCES saleor_cdkeys_keyorder (id)
    DEFERRABLE INITIALLY DEFERRED NOT VALID
"""


class Migration(migrations.Migration):
    dependencies = [
        ("saleor_cdkeys", "0010_shop_prices"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="delivery",
                    name="release_of",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release_notices",
                        to="saleor_cdkeys.keyorder",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    _RELEASE_OF, "ALTER TABLE saleor_cdkeys_delivery DROP COLUMN release_of_id"
                ),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="release_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="keyorder",
            name="release_told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="keyorder",
            name="release_told_for",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="keyproduct",
            name="allow_preorder",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="keyproduct",
            name="release_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchase",
            name="failed_checks",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="purchase",
            name="is_preorder",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="purchase",
            name="release_date",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("initial", "Keys obtained"),
                    ("resend", "Sent again by staff"),
                    ("new_link", "New link asked for by the customer"),
                    ("release", "Told of the release date, without keys"),
                ],
                default="initial",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="keyorder",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("not_paid", "Not paid in full yet"),
                    ("not_confirmed", "The order is not confirmed yet"),
                    ("delay", "The processing delay of the channel is running"),
                    ("not_released", "The product is not released yet"),
                    ("auto_processing_off", "Automatic processing is off for this channel"),
                    ("manual_product", "Keys of this product are typed by staff"),
                    ("product_inactive", "The key product is switched off"),
                    ("above_amount", "The order is above the amount that is held for review"),
                    ("above_quantity", "The quantity is above what is held for review"),
                    ("no_mapping", "No supplier is mapped to this product"),
                    ("out_of_stock", "No key in stock and none to be bought"),
                    ("price_above_guard", "Every offer costs more than the product allows"),
                    ("outcome_unknown", "The supplier has not said yet whether it sold the keys"),
                    ("supplier_pending", "The supplier accepted the order; keys are to come"),
                    ("supplier_error", "A supplier could not be reached or answered with an error"),
                    ("duplicate_code", "The supplier sent a code that is known already"),
                    ("short_delivery", "The supplier sent fewer keys than it was paid for"),
                    ("currency_mismatch", "The offer is in a currency that cannot be compared"),
                    ("mail_failed", "The message with the keys could not be sent"),
                    ("gave_up", "Retrying did not help"),
                    ("payment_reversed", "The order is no longer paid in full"),
                    ("order_canceled", "The order was canceled"),
                    ("order_expired", "The order expired"),
                    ("order_refunded", "The order was refunded"),
                    (
                        "order_closed",
                        "The order was closed in Saleor before its keys were delivered",
                    ),
                    ("order_missing", "The order is gone from Saleor"),
                    ("held_by_staff", "Held by staff"),
                    ("bug", "Something unforeseen happened; a person must look"),
                ],
                default="",
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="review",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("not_paid", "Not paid in full yet"),
                    ("not_confirmed", "The order is not confirmed yet"),
                    ("delay", "The processing delay of the channel is running"),
                    ("not_released", "The product is not released yet"),
                    ("auto_processing_off", "Automatic processing is off for this channel"),
                    ("manual_product", "Keys of this product are typed by staff"),
                    ("product_inactive", "The key product is switched off"),
                    ("above_amount", "The order is above the amount that is held for review"),
                    ("above_quantity", "The quantity is above what is held for review"),
                    ("no_mapping", "No supplier is mapped to this product"),
                    ("out_of_stock", "No key in stock and none to be bought"),
                    ("price_above_guard", "Every offer costs more than the product allows"),
                    ("outcome_unknown", "The supplier has not said yet whether it sold the keys"),
                    ("supplier_pending", "The supplier accepted the order; keys are to come"),
                    ("supplier_error", "A supplier could not be reached or answered with an error"),
                    ("duplicate_code", "The supplier sent a code that is known already"),
                    ("short_delivery", "The supplier sent fewer keys than it was paid for"),
                    ("currency_mismatch", "The offer is in a currency that cannot be compared"),
                    ("mail_failed", "The message with the keys could not be sent"),
                    ("gave_up", "Retrying did not help"),
                    ("payment_reversed", "The order is no longer paid in full"),
                    ("order_canceled", "The order was canceled"),
                    ("order_expired", "The order expired"),
                    ("order_refunded", "The order was refunded"),
                    (
                        "order_closed",
                        "The order was closed in Saleor before its keys were delivered",
                    ),
                    ("order_missing", "The order is gone from Saleor"),
                    ("held_by_staff", "Held by staff"),
                    ("bug", "Something unforeseen happened; a person must look"),
                ],
                default="",
                max_length=32,
            ),
        ),
    ]
