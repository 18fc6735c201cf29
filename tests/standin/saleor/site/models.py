from django.contrib.sites.models import Site
from django.db import models


class SiteSettings(models.Model):
    site = models.OneToOneField(Site, related_name="settings", on_delete=models.CASCADE)
    default_mail_sender_name = models.CharField(max_length=78, blank=True, default="")
    default_mail_sender_address = models.EmailField(blank=True, null=True)
    fulfillment_auto_approve = models.BooleanField(default=True)
    fulfillment_allow_unpaid = models.BooleanField(default=True)
    track_inventory_by_default = models.BooleanField(default=True)
    use_legacy_shipping_zone_stock_availability = models.BooleanField(default=True)

    def __str__(self):
        return str(self.site)
