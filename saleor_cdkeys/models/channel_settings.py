from __future__ import annotations

from django.db import models

from saleor_cdkeys.models import fields


class ChannelSettings(models.Model):
    """What one channel does differently. A null field means: as the plugin's configuration says.

    ``process_delay`` is in seconds from the payment; ``hold_above_amount`` is compared with the
    order's total in the channel's currency; ``link_days`` is how long a private link works.
    """

    id = models.BigAutoField(primary_key=True)
    channel_id = models.IntegerField(unique=True)
    auto_processing = models.BooleanField(null=True, blank=True)
    process_delay = models.PositiveIntegerField(null=True, blank=True)
    codes_in_mail = models.BooleanField(null=True, blank=True)
    sender_name = models.CharField(max_length=255, blank=True, default="")
    sender_address = models.EmailField(blank=True, default="")
    mail_subject = models.CharField(max_length=255, blank=True, default="")
    mail_intro = models.TextField(blank=True, default="")
    mail_footer = models.TextField(blank=True, default="")
    alert_recipients = models.JSONField(null=True, blank=True)
    hold_above_amount = fields.amount(null=True, blank=True)
    hold_above_quantity = models.PositiveIntegerField(null=True, blank=True)
    link_days = models.PositiveSmallIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("channel_id",)
        verbose_name_plural = "channel settings"

    def __str__(self) -> str:
        return f"settings of channel {self.channel_id}"
