from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from saleor_cdkeys.statuses import DeliveryKind, DeliveryStatus


class Delivery(models.Model):
    """One message with keys to one recipient, with its private page.

    Or one without keys and page, of the kind RELEASE: it tells when those of the key order
    ``release_of`` will come, on ``release_on`` (null where nobody knows).

    ``recipient`` is where it goes, ``note`` why staff sent it again. A worker owns the row while
    ``lease_expires_at`` lies ahead and ``lease_token`` is its own.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    order_id = models.UUIDField(db_index=True)
    order_number = models.CharField(max_length=64)
    channel_id = models.IntegerField()
    channel_slug = models.CharField(max_length=255)
    language_code = models.CharField(max_length=35, default="en")
    recipient = models.CharField(max_length=254)
    kind = models.CharField(
        max_length=16, choices=DeliveryKind.choices, default=DeliveryKind.INITIAL
    )
    status = models.CharField(
        max_length=16, choices=DeliveryStatus.choices, default=DeliveryStatus.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_run_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    release_of = models.ForeignKey(
        "saleor_cdkeys.KeyOrder",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="release_notices",
        db_index=False,
    )
    release_on = models.DateField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    user_id = models.IntegerField(null=True, blank=True)
    app_id = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "deliveries"
        indexes = (
            models.Index(
                fields=("next_run_at", "id"),
                condition=models.Q(next_run_at__isnull=False),
                name="cdkeys_delivery_due",
            ),
            models.Index(
                fields=("release_of", "id"),
                condition=models.Q(release_of__isnull=False),
                name="cdkeys_delivery_release",
            ),
        )

    def __str__(self) -> str:
        return f"delivery {self.uid}"


class DeliveryItem(models.Model):
    """A unit that a delivery is about."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    unit = models.ForeignKey(
        "saleor_cdkeys.KeyUnit", on_delete=models.PROTECT, related_name="delivery_items"
    )
    is_initial = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("delivery", "unit"), name="cdkeys_item_once"),
            # A unit is announced by itself once; sending again is a decision of staff or customer.
            models.UniqueConstraint(
                fields=("unit",),
                condition=models.Q(is_initial=True),
                name="cdkeys_item_initial_once",
            ),
        )

    def __str__(self) -> str:
        return f"unit {self.unit_id} in delivery {self.delivery_id}"


class DeliveryLink(models.Model):
    """A private link to a delivery's page: the SHA-256 of 256 random bits, never the bits."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"link {self.pk} of delivery {self.delivery_id}"
