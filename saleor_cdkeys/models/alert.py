from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from saleor_cdkeys.statuses import AlertKind


class Alert(models.Model):
    """Something staff must know: one open row per kind and subject, however often it recurs.

    ``subject`` names the cause with a stable text such as ``key_order:12`` or ``supplier:3``.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=32, choices=AlertKind.choices)
    subject = models.CharField(max_length=128)
    message = models.CharField(max_length=500)
    count = models.PositiveIntegerField(default=1)
    key_order = models.ForeignKey(
        "saleor_cdkeys.KeyOrder",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="alerts",
    )
    channel_id = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject"),
                condition=Q(resolved_at__isnull=True),
                name="cdkeys_alert_one_open",
            ),
        )
        indexes = (
            # Open alerts that nobody was mailed about yet.
            models.Index(
                fields=("id",),
                condition=Q(mailed_at__isnull=True, resolved_at__isnull=True),
                name="cdkeys_alert_untold",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
