from __future__ import annotations

from django.db import models
from django.db.models import Q

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import DeliveryMode, Source, SupplierChoice


class KeyProduct(models.Model):
    """A Saleor product variant that is sold as keys.

    ``max_unit_cost_*`` and ``min_margin_*`` are the price guard: no key is bought for more, or for
    less margin against what the customer paid for one. An amount of margin is in the currency of
    the order.
    """

    id = models.BigAutoField(primary_key=True)
    variant_id = models.IntegerField(unique=True)
    name = models.CharField(max_length=700, blank=True, default="")
    sku = models.CharField(max_length=255, blank=True, default="", db_index=True)
    is_active = models.BooleanField(default=True)
    source = models.CharField(
        max_length=32, choices=Source.choices, default=Source.STOCK_THEN_SUPPLIERS
    )
    supplier_choice = models.CharField(
        max_length=16, choices=SupplierChoice.choices, default=SupplierChoice.IN_ORDER
    )
    delivery_mode = models.CharField(
        max_length=16, choices=DeliveryMode.choices, default=DeliveryMode.TOGETHER
    )
    max_unit_cost_amount = fields.amount(null=True, blank=True)
    max_unit_cost_currency = fields.currency(blank=True, default="")
    min_margin_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    min_margin_amount = fields.amount(null=True, blank=True)
    instructions = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="cdkeys_product_guard_has_currency",
                condition=Q(max_unit_cost_amount__isnull=True) | ~Q(max_unit_cost_currency=""),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.sku or f"variant {self.variant_id}"
