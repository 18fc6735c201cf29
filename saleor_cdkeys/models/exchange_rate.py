from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from saleor_cdkeys.models import fields


class ExchangeRate(models.Model):
    """How much of ``currency`` one unit of ``base`` is worth, as of a day.

    ``source`` says where it comes from: a file's name, an address, or who typed it.
    """

    id = models.BigAutoField(primary_key=True)
    base = fields.currency()
    currency = fields.currency()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    date = models.DateField()
    source = models.CharField(max_length=255, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-date", "base", "currency")
        constraints = (
            models.UniqueConstraint(
                fields=("currency", "base", "date"), name="cdkeys_rate_once_a_day"
            ),
            models.CheckConstraint(name="cdkeys_rate_positive", condition=Q(rate__gt=0)),
        )
        indexes = (models.Index(fields=("date",), name="cdkeys_rate_by_date"),)

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.currency} ({self.date})"
