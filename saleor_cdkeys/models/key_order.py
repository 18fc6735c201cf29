from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from saleor_cdkeys.models import fields
from saleor_cdkeys.statuses import (
    LIVE_KEY_ORDERS,
    QUEUED_FOR_KEYS,
    EventType,
    KeyOrderStatus,
    Reason,
    UnitStatus,
)


class KeyOrder(models.Model):
    """One Saleor order line of a key product, with a snapshot of what was sold.

    Status, reason and ``next_run_at`` are written by :mod:`saleor_cdkeys.orders.transitions` alone
    (and the row is made by :mod:`saleor_cdkeys.intake.record`). A worker owns the row while
    ``lease_expires_at`` lies ahead and ``lease_token`` is its own. ``attempts`` counts the tries
    that ended in an error since the last success or staff action. ``poked_at``: something happened
    since the worker that owns the row read the order, so it is to be run once more.
    ``release_told_at`` is when the customer was last told of the release, ``release_told_for`` the
    date that was told, or null where none was known.
    """

    id = models.BigAutoField(primary_key=True)
    order_line_id = models.UUIDField(unique=True)
    order_id = models.UUIDField(db_index=True)
    order_number = models.CharField(max_length=64)
    channel_id = models.IntegerField()
    channel_slug = models.CharField(max_length=255)
    key_product = models.ForeignKey(
        "saleor_cdkeys.KeyProduct",
        on_delete=models.PROTECT,
        related_name="key_orders",
        db_index=False,
    )
    variant_id = models.IntegerField()
    product_name = models.CharField(max_length=700)
    sku = models.CharField(max_length=255, blank=True, default="")
    user_id = models.IntegerField(null=True, blank=True)
    email = models.CharField(max_length=254, blank=True, default="")
    language_code = models.CharField(max_length=35, default="en")
    quantity = models.PositiveIntegerField()
    unit_price_amount = fields.amount()
    currency = fields.currency()
    status = models.CharField(
        max_length=16, choices=KeyOrderStatus.choices, default=KeyOrderStatus.PENDING
    )
    reason = models.CharField(max_length=32, choices=Reason.choices, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_run_at = models.DateTimeField(null=True, blank=True)
    released_by_staff = models.BooleanField(default=False)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    poked_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    release_told_at = models.DateTimeField(null=True, blank=True)
    release_told_for = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="cdkeys_order_quantity_positive", condition=Q(quantity__gte=1)
            ),
        )
        indexes = (
            # The queue: rows with something to do, by when.
            models.Index(
                fields=("next_run_at", "id"),
                condition=Q(next_run_at__isnull=False),
                name="cdkeys_order_due",
            ),
            # Who lacks keys of a product, first come first.
            models.Index(
                fields=("key_product", "paid_at", "id"),
                condition=Q(
                    status__in=[KeyOrderStatus.WAITING, KeyOrderStatus.FAILED],
                    reason__in=QUEUED_FOR_KEYS,
                ),
                name="cdkeys_order_wants_key",
            ),
            # Which orders of a product may lack keys, however many are at an end.
            models.Index(
                fields=("key_product",),
                condition=Q(status__in=LIVE_KEY_ORDERS),
                name="cdkeys_order_live",
            ),
            models.Index(fields=("status", "id"), name="cdkeys_order_status"),
            models.Index(fields=("channel_id", "status", "id"), name="cdkeys_order_channel"),
            models.Index(fields=("order_number", "id"), name="cdkeys_order_number"),
            models.Index(fields=("email", "id"), name="cdkeys_order_email"),
            models.Index(fields=("key_product", "id"), name="cdkeys_order_product"),
            # Most key orders end without one.
            models.Index(
                fields=("reason", "id"), condition=~Q(reason=""), name="cdkeys_order_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_number} · {self.product_name} × {self.quantity}"


class KeyUnit(models.Model):
    """One of the n keys that a key order of quantity n owes, numbered from 1.

    ``host_fulfilled_at``: when Saleor's order line was fulfilled for this unit, by us or by others.
    """

    id = models.BigAutoField(primary_key=True)
    key_order = models.ForeignKey(
        KeyOrder, on_delete=models.PROTECT, related_name="units", db_index=False
    )
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=UnitStatus.choices, default=UnitStatus.OPEN)
    delivered_at = models.DateTimeField(null=True, blank=True)
    host_fulfilled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("key_order_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("key_order", "number"), name="cdkeys_unit_number_once"),
        )

    def __str__(self) -> str:
        return f"unit {self.number} of key order {self.key_order_id}"


class KeyOrderEvent(models.Model):
    """A row of a key order's timeline. Append-only; ``data`` never holds a code."""

    id = models.BigAutoField(primary_key=True)
    key_order = models.ForeignKey(
        KeyOrder, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    type = models.CharField(max_length=32, choices=EventType.choices)
    from_status = models.CharField(max_length=16, blank=True, default="")
    to_status = models.CharField(max_length=16, blank=True, default="")
    reason = models.CharField(max_length=32, blank=True, default="")
    message = models.CharField(max_length=500, blank=True, default="")
    data = models.JSONField(default=dict, blank=True)
    user_id = models.IntegerField(null=True, blank=True)
    app_id = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("key_order", "id"), name="cdkeys_event_by_order"),)

    def __str__(self) -> str:
        return f"{self.type} of key order {self.key_order_id}"
