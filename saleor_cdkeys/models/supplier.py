from __future__ import annotations

import uuid

from django.db import models

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import PauseReason


class Supplier(models.Model):
    """An account at a company that sells keys over an API.

    ``config`` holds the adapter's settings that are no secret (base address, sandbox or live);
    ``sealed_secrets`` the others, sealed and bound to ``uid``. While ``pause_reason`` is set
    nothing is bought there; ``paused_until`` is when it is tried out next, ``pauses`` how often
    that was in vain. ``failures`` counts calls that failed in a row. ``balance_*`` is what it said
    last, at ``balance_at``; below ``low_balance_amount`` (in the same currency) staff are alerted.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    name = models.CharField(max_length=255, unique=True)
    adapter = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    config = models.JSONField(default=dict, blank=True)
    sealed_secrets = models.BinaryField(null=True, blank=True)
    pause_reason = models.CharField(
        max_length=16, choices=PauseReason.choices, blank=True, default=""
    )
    pause_message = models.CharField(max_length=500, blank=True, default="")
    paused_until = models.DateTimeField(null=True, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    balance_amount = fields.amount(null=True, blank=True)
    balance_currency = fields.currency(blank=True, default="")
    balance_at = models.DateTimeField(null=True, blank=True)
    low_balance_amount = fields.amount(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class SupplierMapping(models.Model):
    """Which supplier product can fill a key product. Lower positions are tried first."""

    id = models.BigAutoField(primary_key=True)
    key_product = models.ForeignKey(
        "saleor_cdkeys.KeyProduct", on_delete=models.CASCADE, related_name="mappings"
    )
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="mappings")
    supplier_product_id = models.CharField(max_length=255)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("key_product_id", "position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("key_product", "supplier", "supplier_product_id"),
                name="cdkeys_mapping_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.supplier_product_id} at supplier {self.supplier_id}"
