from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import AccessKind, BatchStatus, KeyStatus
from saleor_cdkeys.values import CodeKind


class KeyBatch(models.Model):
    """One import of keys.

    ``row_count`` rows were read; each was stored (``created_count``), known already
    (``duplicate_count``) or unusable (``rejected_count``). Undo removes the unsold keys
    (``removed_count``) and may be repeated; ``undone_*`` tell when and by whom last.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=255, blank=True, default="")
    status = models.CharField(
        max_length=16, choices=BatchStatus.choices, default=BatchStatus.RUNNING
    )
    row_count = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    duplicate_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    removed_count = models.PositiveIntegerField(default=0)
    user_id = models.IntegerField(null=True, blank=True)
    app_id = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_user_id = models.IntegerField(null=True, blank=True)
    undone_app_id = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name or f"batch {self.pk}"


class Key(models.Model):
    """One code, sealed.

    ``uid`` binds the sealed code to this row. ``fingerprint`` (keyed) finds the same code again.
    ``hint`` is what lists show. ``exposed_at`` is set before a code leaves for the first time, and
    never cleared. Ids ascend with the import, and stock is sold in that order. ``line`` is where
    the code stood in the file of its batch.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    key_product = models.ForeignKey(
        "saleor_cdkeys.KeyProduct", on_delete=models.PROTECT, related_name="keys", db_index=False
    )
    status = models.CharField(max_length=16, choices=KeyStatus.choices, default=KeyStatus.AVAILABLE)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in CodeKind])
    sealed = models.BinaryField()
    fingerprint = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=4, blank=True, default="")
    unit = models.ForeignKey(
        "saleor_cdkeys.KeyUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="keys",
        db_index=False,
    )
    # No constraint: checking it again for each of a million keys costs a fifth of an import, which
    # locks its batch anyway, and batches are never deleted.
    batch = models.ForeignKey(
        KeyBatch,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="keys",
        db_index=False,
        db_constraint=False,
    )
    line = models.PositiveIntegerField(null=True, blank=True)
    purchase = models.ForeignKey(
        "saleor_cdkeys.Purchase",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="keys",
        db_index=False,
    )
    supplier_key_id = models.CharField(max_length=128, blank=True, default="")
    cost_amount = fields.amount(null=True, blank=True)
    cost_currency = fields.currency(blank=True, default="")
    exposed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("unit",),
                condition=Q(status=KeyStatus.ASSIGNED),
                name="cdkeys_key_one_live_per_unit",
            ),
            models.CheckConstraint(
                name="cdkeys_key_assigned_has_unit",
                condition=Q(status=KeyStatus.ASSIGNED, unit__isnull=False)
                | Q(status=KeyStatus.AVAILABLE, unit__isnull=True, exposed_at__isnull=True)
                | Q(status=KeyStatus.QUARANTINED),
            ),
            models.UniqueConstraint(
                fields=("purchase", "supplier_key_id"),
                condition=~Q(supplier_key_id=""),
                name="cdkeys_key_once_per_purchase",
            ),
        )
        indexes = (
            # What is for sale, and of that what was bought and found no buyer. One column goes down
            # and one up, so that no other index is in the order in which stock is sold.
            models.Index(
                fields=("-key_product", "id"),
                condition=Q(status=KeyStatus.AVAILABLE),
                name="cdkeys_key_free",
            ),
            models.Index(
                fields=("-key_product", "id"),
                condition=Q(status=KeyStatus.AVAILABLE, purchase__isnull=False),
                name="cdkeys_key_surplus",
            ),
            models.Index(fields=("key_product", "id"), name="cdkeys_key_by_product"),
            # Keys are imported as available: this costs nothing until they are sold.
            models.Index(
                fields=("status", "id"),
                condition=~Q(status=KeyStatus.AVAILABLE),
                name="cdkeys_key_by_status",
            ),
            # Most keys lack one or the other of these, and importing pays for each index.
            models.Index(
                fields=("unit",), condition=Q(unit__isnull=False), name="cdkeys_key_by_unit"
            ),
            models.Index(
                fields=("batch", "id"), condition=Q(batch__isnull=False), name="cdkeys_key_by_batch"
            ),
            models.Index(
                fields=("purchase",),
                condition=Q(purchase__isnull=False),
                name="cdkeys_key_by_purchase",
            ),
        )

    def __str__(self) -> str:
        return f"key {self.pk} …{self.hint}"

    __repr__ = __str__


class KeyAccess(models.Model):
    """Append-only: each time a code left or was looked at, by whom and from where."""

    id = models.BigAutoField(primary_key=True)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="accesses")
    kind = models.CharField(max_length=24, choices=AccessKind.choices)
    delivery = models.ForeignKey(
        "saleor_cdkeys.Delivery", null=True, blank=True, on_delete=models.PROTECT
    )
    user_id = models.IntegerField(null=True, blank=True)
    app_id = models.IntegerField(null=True, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} of key {self.key_id}"
