from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import MappingFlag, PauseReason


class Supplier(models.Model):
    """An account at a company that sells keys over an API.

    ``config`` holds the adapter's settings that are no secret (base address, sandbox or live);
    ``sealed_secrets`` the others, sealed and bound to ``uid``. While ``pause_reason`` is set
    nothing is bought there; ``paused_until`` is when it is tried out next, ``pauses`` how often
    that was in vain, and ``pause_balance_amount`` the least that was left in a pause for want of
    money. ``failures`` counts questions that failed in a row, ``order_failures`` orders: who tells
    prices may yet not sell. ``balance_*`` is what it said last, at ``balance_at``; it is asked
    again at ``balance_due_at``, and below ``low_balance_amount`` (in the same currency) staff are
    alerted.
    Where it lists what changed, all changes up to ``changes_read_until`` are known, and it is asked
    for more at ``changes_due_at``; both are null until it was asked first.
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
    pause_balance_amount = fields.amount(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    order_failures = models.PositiveSmallIntegerField(default=0)
    balance_amount = fields.amount(null=True, blank=True)
    balance_currency = fields.currency(blank=True, default="")
    balance_at = models.DateTimeField(null=True, blank=True)
    balance_due_at = models.DateTimeField(null=True, blank=True)
    low_balance_amount = fields.amount(null=True, blank=True)
    changes_read_until = models.DateTimeField(null=True, blank=True)
    changes_due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class SupplierMapping(models.Model):
    """Which supplier product can fill a key product. Lower positions are tried first.

    It is for customers in ``countries`` (ISO 3166-1 alpha-2, with commas), or everywhere where that
    is empty: so say staff.

    What the supplier said of the product last, at ``seen_at``: ``price_*`` of one key, how many are
    ``available`` (null where it does not say), whether it ``is_preorder``, ``region`` in its own
    words, ``blocked_countries`` (ISO 3166-1 alpha-2, with commas). It is asked again at
    ``refresh_at``; who asks moves that on first. ``agreed`` is region, countries and pre-order as
    they were when first seen, or when staff looked last: what differs from that, vanished or costs
    more than the guard is told by ``flag``, since ``flagged_at``.
    """

    id = models.BigAutoField(primary_key=True)
    key_product = models.ForeignKey(
        "saleor_cdkeys.KeyProduct", on_delete=models.CASCADE, related_name="mappings"
    )
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="mappings")
    supplier_product_id = models.CharField(max_length=255)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    countries = models.TextField(blank=True, default="")
    price_amount = fields.amount(null=True, blank=True)
    price_currency = fields.currency(blank=True, default="")
    available = models.PositiveIntegerField(null=True, blank=True)
    is_preorder = models.BooleanField(default=False)
    release_date = models.DateField(null=True, blank=True)
    region = models.CharField(max_length=255, blank=True, default="")
    blocked_countries = models.TextField(blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    refresh_at = models.DateTimeField(default=timezone.now)
    agreed = models.JSONField(null=True, blank=True)
    flag = models.CharField(max_length=16, choices=MappingFlag.choices, blank=True, default="")
    flagged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("key_product_id", "position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("key_product", "supplier", "supplier_product_id"),
                name="cdkeys_mapping_once",
            ),
        )
        indexes = (
            # Whose turn it is to be refreshed, however many mappings there are.
            models.Index(
                fields=("supplier", "refresh_at"),
                condition=Q(is_active=True),
                name="cdkeys_mapping_to_refresh",
            ),
            # The products that a supplier tells of, by its own ids.
            models.Index(fields=("supplier", "supplier_product_id"), name="cdkeys_mapping_by_id"),
            models.Index(
                fields=("supplier", "flag"), condition=~Q(flag=""), name="cdkeys_mapping_flagged"
            ),
        )

    def __str__(self) -> str:
        return f"{self.supplier_product_id} at supplier {self.supplier_id}"
