from __future__ import annotations

from django.db import models
from django.utils import timezone

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import ShopChangeKind


class ShopChange(models.Model):
    """A price or stock that the plugin changed in the shop, and why. Append-only.

    ``place`` is the slug of the channel or warehouse. ``currency`` is that of ``old_value`` and
    ``new_value``, or empty where they count keys. ``cost_*`` is what a key cost in its supplier's
    currency, ``exchange_rate`` how much of the channel's currency one unit of that was worth, by
    the rates of ``exchange_rate_date``; both are null where the currencies are one.
    """

    id = models.BigAutoField(primary_key=True)
    key_product = models.ForeignKey(
        "saleor_cdkeys.KeyProduct",
        on_delete=models.CASCADE,
        related_name="shop_changes",
        db_index=False,
    )
    kind = models.CharField(max_length=16, choices=ShopChangeKind.choices)
    channel_id = models.IntegerField(null=True, blank=True)
    place = models.CharField(max_length=255)
    old_value = fields.amount()
    new_value = fields.amount()
    currency = fields.currency(blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    cost_amount = fields.amount(null=True, blank=True)
    cost_currency = fields.currency(blank=True, default="")
    exchange_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    exchange_rate_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("key_product", "id"), name="cdkeys_change_by_product"),)

    def __str__(self) -> str:
        return f"{self.kind} of key product {self.key_product_id} in {self.place}"


class ShopTurn(models.Model):
    """Where the last look at the products that follow in the shop stopped: a single row.

    ``after`` is the id of a key product, 0 before the first. Kept here and not in the cache: one
    that forgets would have the products behind the first thousands never looked at.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    after = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"after key product {self.after}"
