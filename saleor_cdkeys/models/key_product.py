from __future__ import annotations

from django.db import models
from django.db.models import Q

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import DeliveryMode, PriceRule, Source, SupplierChoice


class KeyProduct(models.Model):
    """A Saleor product variant that is sold as keys.

    ``max_unit_cost_*`` and ``min_margin_*`` are the price guard: no key is bought for more, or for
    less margin against what the customer paid for one. An amount of margin is in the currency of
    the order.

    ``follows_stock``: the variant's stock in Saleor is kept at what can be had. ``price_rule``
    keeps its price in each channel: ``price_value`` is the percent, or an amount in
    ``price_currency``, in which ``price_floor_amount`` and ``price_ceiling_amount`` are, too.
    Prices are rounded up to the next one with the decimals ``price_ending``, where it is set.

    ``allow_preorder``: what a supplier sells before its release is bought then. ``release_at`` is
    before when nothing is bought or sent by itself, whatever is in stock.
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
    follows_stock = models.BooleanField(default=False)
    price_rule = models.CharField(max_length=16, choices=PriceRule.choices, default=PriceRule.NONE)
    price_value = fields.amount(null=True, blank=True)
    price_currency = fields.currency(blank=True, default="")
    price_ending = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    price_floor_amount = fields.amount(null=True, blank=True)
    price_ceiling_amount = fields.amount(null=True, blank=True)
    allow_preorder = models.BooleanField(default=False)
    release_at = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(
                name="cdkeys_product_price_has_value",
                condition=Q(price_rule=PriceRule.NONE) | Q(price_value__isnull=False),
            ),
            models.CheckConstraint(
                name="cdkeys_product_price_has_currency",
                condition=~Q(price_currency="")
                | Q(
                    price_rule__in=[PriceRule.NONE, PriceRule.MARGIN_PERCENT],
                    price_floor_amount__isnull=True,
                    price_ceiling_amount__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="cdkeys_product_floor_below_ceiling",
                condition=Q(price_floor_amount__isnull=True)
                | Q(price_ceiling_amount__isnull=True)
                | Q(price_floor_amount__lte=models.F("price_ceiling_amount")),
            ),
        )
        indexes = (
            # Those whose stock or price in the shop follows, one after the other.
            models.Index(
                fields=("id",),
                condition=Q(follows_stock=True) | ~Q(price_rule=PriceRule.NONE),
                name="cdkeys_product_followed",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.sku or f"variant {self.variant_id}"
