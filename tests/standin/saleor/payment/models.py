from django.db import models

from saleor.core.models import ModelWithMetadata


class TransactionItem(ModelWithMetadata):
    name = models.CharField(max_length=512, blank=True, null=True, default="")
    order = models.ForeignKey(
        "order.Order", related_name="payment_transactions", null=True, on_delete=models.PROTECT
    )
    currency = models.CharField(max_length=3)
    charged_value = models.DecimalField(max_digits=20, decimal_places=3, default=0)

    def __str__(self):
        return f"{self.charged_value} {self.currency}"
