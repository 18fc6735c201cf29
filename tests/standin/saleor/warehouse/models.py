from uuid import uuid4

from django.db import models

from saleor.core.models import ModelWithMetadata


class Warehouse(ModelWithMetadata):
    id = models.UUIDField(default=uuid4, primary_key=True)
    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=255, unique=True)
    channels = models.ManyToManyField("channel.Channel", related_name="warehouses")
    address = models.ForeignKey("account.Address", on_delete=models.PROTECT)
    click_and_collect_option = models.CharField(max_length=30, default="disabled")
    is_private = models.BooleanField(default=True)

    def __str__(self):
        return self.name


class Stock(models.Model):
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE)
    product_variant = models.ForeignKey(
        "product.ProductVariant", on_delete=models.CASCADE, related_name="stocks"
    )
    quantity = models.IntegerField(default=0)
    quantity_allocated = models.IntegerField(default=0)

    def __str__(self):
        return f"{self.quantity} of {self.product_variant}"


class Allocation(models.Model):
    order_line = models.ForeignKey(
        "order.OrderLine", on_delete=models.CASCADE, related_name="allocations"
    )
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="allocations")
    quantity_allocated = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.quantity_allocated} for {self.order_line_id}"
