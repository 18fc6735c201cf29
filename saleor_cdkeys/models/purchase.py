from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import OPEN_PURCHASES, PurchaseStatus, Reason


class Purchase(models.Model):
    """One attempt to buy from a supplier, committed before the request leaves.

    ``reference`` is ours and travels with the order, so that an unclear outcome can be looked up.
    ``unit_price_*`` is the quoted price of one key, ``max_unit_price_amount`` the most that may be
    paid for one (same currency), ``charged_amount`` what the supplier says it took in all.
    ``exchange_rate`` is how much of the order's currency one unit of ``currency`` was worth when it
    was decided, by the rates of ``exchange_rate_date``; both are null where the currencies are one.
    ``is_preorder``: its keys come on the day of the release, ``release_date`` where it is known.
    ``checks`` counts the look-ups, ``failed_checks`` the last ones in a row that brought no answer.
    ``sent_at`` is set before the request leaves: without it the request surely never left.
    ``sealed_answer`` keeps an answer that may hold keys until its keys are stored. ``review`` is
    why nothing more is bought for the key order until staff take it up again: keys that were paid
    for did not come, or cannot be used.
    """

    id = models.BigAutoField(primary_key=True)
    reference = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    key_order = models.ForeignKey(
        "saleor_cdkeys.KeyOrder", on_delete=models.PROTECT, related_name="purchases"
    )
    supplier = models.ForeignKey(
        "saleor_cdkeys.Supplier", on_delete=models.PROTECT, related_name="purchases"
    )
    mapping = models.ForeignKey(
        "saleor_cdkeys.SupplierMapping",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="purchases",
        db_index=False,
    )
    supplier_product_id = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    unit_price_amount = fields.amount()
    max_unit_price_amount = fields.amount()
    charged_amount = fields.amount(null=True, blank=True)
    currency = fields.currency()
    exchange_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    exchange_rate_date = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=16, choices=PurchaseStatus.choices, default=PurchaseStatus.CREATED
    )
    is_preorder = models.BooleanField(default=False)
    release_date = models.DateField(null=True, blank=True)
    supplier_order_id = models.CharField(max_length=128, blank=True, default="")
    answer = models.CharField(max_length=500, blank=True, default="")
    sealed_answer = models.BinaryField(null=True, blank=True)
    review = models.CharField(max_length=32, choices=Reason.choices, blank=True, default="")
    checks = models.PositiveSmallIntegerField(default=0)
    failed_checks = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            # Nothing else is bought for a key order until its last purchase is clear.
            models.UniqueConstraint(
                fields=("key_order",),
                condition=Q(status__in=[status.value for status in OPEN_PURCHASES]),
                name="cdkeys_purchase_one_open",
            ),
            models.CheckConstraint(
                name="cdkeys_purchase_within_guard",
                condition=Q(unit_price_amount__lte=models.F("max_unit_price_amount")),
            ),
            models.CheckConstraint(
                name="cdkeys_purchase_quantity_positive", condition=Q(quantity__gte=1)
            ),
        )
        indexes = (
            # The open order that a supplier's message tells of.
            models.Index(
                fields=("supplier", "supplier_order_id"),
                condition=Q(status__in=[status.value for status in OPEN_PURCHASES]),
                name="cdkeys_purchase_open_by_id",
            ),
            # What was bought of a product since its supplier said how many it has.
            models.Index(fields=("mapping", "created_at"), name="cdkeys_purchase_by_mapping"),
        )

    def __str__(self) -> str:
        return f"purchase {self.reference}"
