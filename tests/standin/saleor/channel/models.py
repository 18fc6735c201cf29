from django.db import models

from saleor.account.models import CountryField
from saleor.core.models import ModelWithMetadata


class Channel(ModelWithMetadata):
    name = models.CharField(max_length=250)
    is_active = models.BooleanField(default=False)
    slug = models.SlugField(max_length=255, unique=True)
    currency_code = models.CharField(max_length=3)
    default_country = CountryField()
    allocation_strategy = models.CharField(max_length=255, default="prioritize-sorting-order")
    order_mark_as_paid_strategy = models.CharField(max_length=255, default="payment_flow")
    automatically_confirm_all_new_orders = models.BooleanField(default=True, null=True)
    automatically_fulfill_non_shippable_gift_card = models.BooleanField(default=True, null=True)
    automatically_complete_fully_paid_checkouts = models.BooleanField(default=False)
    allow_unpaid_orders = models.BooleanField(default=False)
    expire_orders_after = models.IntegerField(default=None, null=True, blank=True)

    def __str__(self):
        return self.slug
